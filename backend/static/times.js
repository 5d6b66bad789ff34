// Moments in the town's own time, written as the pages write them.
const FORMS = {
  vi: { day: "2-digit", month: "2-digit", year: "numeric", hour: "2-digit", minute: "2-digit" },
  en: { dateStyle: "medium", timeStyle: "short" },
};
const language = document.documentElement.lang;

export function inTownTime(moment) {
  const locale = language === "en" ? "en-GB" : language;
  return new Date(moment).toLocaleString(locale, { ...FORMS[language], timeZone: "Asia/Ho_Chi_Minh" });
}
