"""The chatbot's intents by name, as far as sentences may be given to them."""

from __future__ import annotations

_NAMES = """
greet
goodbye
thank
affirm
deny
cancel
bot_challenge
ask_capabilities
request_human
switch_language
express_frustration
ask_swim_safety
ask_flag_meaning
ask_weather
ask_tide
ask_storm_warning
ask_lifeguard
ask_water_quality
ask_sun_times
ask_beach_rules
report_emergency
report_lost_person
ask_emergency_number
ask_evacuation
ask_about_town
find_attraction
ask_place_info
ask_opening_hours
ask_ticket_price
ask_directions
find_accommodation
find_food
ask_specialties
ask_price
ask_events
ask_itinerary
ask_boat_tour
ask_best_season
ask_transport_to_town
ask_local_transport
ask_parking
ask_amenities
ask_medical
report_issue
report_overcharging
check_report_status
ask_announcements
ask_utility_outage
ask_waste_schedule
ask_procedure
ask_dossier_status
ask_office_hours
ask_contact
ask_education
subscribe_notifications
unsubscribe_notifications
out_of_scope
"""

INTENTS = tuple(_NAMES.split())
