"""Other words for what the backend names: how people say it, by the name the backend is known to use.

Only words, no facts: what is not among the backend's names is linked to the first word of its line,
so that two people who ask about the same thing in two ways are understood alike.
"""

# Of a place: said by people, written nowhere in its name.
PLACES = """
Đảo Lan Châu | Rú Cóc, Lan Châu, lầu Nghinh Phong, Nghinh Phong, lầu Bảo Đại, Lan Chau islet, hòn Lan Châu
Đảo Ngư | Hòn Ngư, Song Ngư đảo, Ngư, Fish island, hòn Ngư lớn
Đảo Mắt | Hòn Mắt, đảo Mắt
Chùa Đảo Ngư | chùa trên đảo Ngư, chùa Ngư, chùa hòn Ngư, temple on Ngu island, pagoda on Ngu island
Quảng trường Bình Minh | quảng trường, quảng trường trung tâm, square, main square, the square, central square
Đền Mai Bảng | Mai Bảng
Đền Vạn Lộc | Vạn Lộc
Đền Yên Lương | Yên Lương
Chợ Nghi Thủy | chợ cá Nghi Thủy, chợ hải sản Nghi Thủy
Cảng Cửa Lò | cảng, cảng biển, the port, harbour
Sân bay Vinh | sân bay, airport, Vinh airport, phi trường Vinh
Bãi Lữ | Bãi Lữ resort
"""

BEACHES = """
Bãi tắm Lan Châu | Lan Châu, bãi Lan Châu, biển Lan Châu, Lan Chau beach
Bãi tắm Xuân Hương | Xuân Hương, bãi Xuân Hương, biển Xuân Hương
Bãi tắm Song Ngư | Song Ngư, bãi Song Ngư, biển Song Ngư
Bãi biển Cửa Hội | Cửa Hội, biển Cửa Hội, bãi Cửa Hội, bãi tắm Cửa Hội
"""

# Towns and stations that journeys begin at.
ORIGINS = """
Vinh | Vin, thành phố Vinh, TP Vinh, tp vinh, trung tâm Vinh, Vinh city
Ga Vinh | nhà ga Vinh, ga tàu Vinh, Vinh station, Vinh railway station
Bến xe Vinh | bx Vinh, Vinh bus station
Hà Nội | HN, Hanoi, Ha Noi, thủ đô, ngoài Hà Nội, hnội
Thành phố Hồ Chí Minh | Sài Gòn, SG, TP HCM, TPHCM, Saigon, Ho Chi Minh city, HCM, trong Sài Gòn
Sân bay Nội Bài | Nội Bài, Noi Bai
Đà Nẵng | Danang, ĐN
Thanh Hóa | Thanh Hoá, Thanh
Huế | Hue
Hà Tĩnh | Hà Tịnh
Hải Phòng | Haiphong, HP
"""

PLACE_TYPES = """
hotel | khách sạn, ks, khách sạn mini, resort, hotels
guesthouse | nhà nghỉ, nhà trọ, phòng trọ, nhà khách, guest house, hostel, guesthouses
homestay | homestay, home stay, villa, biệt thự
restaurant | nhà hàng, quán ăn, quán nhậu, quán hải sản, quán chay, quán cơm, restaurants, eatery, hàng ăn, quán
cafe | quán cà phê, cà phê, cafe, cf, coffee, quán nước, cafes, quán cf, coffee shop, càfe
market | chợ, chợ đêm, chợ hải sản, chợ cá, night market, seafood market, fish market, markets, chợ búa
shop | cửa hàng, siêu thị, tạp hoá, tạp hóa, supermarket, shop, tiệm
pagoda | chùa, pagoda
temple | đền, miếu, đình, temples, shrine
island | đảo, hòn, islands
square | quảng trường
airport | sân bay
port | cảng
bus-station | bến xe, bus stop, bus station
parking | bãi đỗ xe, bãi gửi xe, bãi xe, bãi giữ xe, gửi xe, chỗ đỗ xe, chỗ đậu xe, đậu xe, parking lot, car park, chỗ gửi xe, bãi đậu xe, parking
hospital | bệnh viện, trạm y tế, trạm xá, phòng khám, phòng khám nhi, clinic, hospital, doctor, bv, cơ sở y tế, health station
pharmacy | nhà thuốc, hiệu thuốc, tiệm thuốc, quầy thuốc, pharmacy, drugstore, chemist
toilet | nhà vệ sinh, wc, toilet, toilets, restroom, nhà xí, nhà vệ sinh công cộng, toa lét, public toilet
shower | tắm tráng, phòng tắm tráng, tủ gửi đồ, locker, lockers, phòng thay đồ, chỗ thay đồ, tủ khoá, showers
atm | ATM, cây ATM, cây rút tiền, máy rút tiền, ngân hàng
"""

CATEGORIES = """
101 | bãi rác, đống rác, rác rưởi, túi ni lông, trash, waste, xà bần, phế thải, đổ rác, litter, rác thải, đốt rác, xe rác, garbage
102 | hố ga, nắp hố ga, cống rãnh, ngập nước, nước đọng, cống thoát nước, nắp cống, tắc cống, manhole, drain
103 | nước cống, mùi thối, hôi thối, xả nước, mùi
104 | ồn ào, tiếng ồn, hát karaoke, loa kẹo kéo, loa thùng, nhạc, hát hò, music, khoan đục
105 | cây gãy, cây nghiêng, cây xanh, cành gãy, nhánh cây, cây dừa, fallen tree
201 | hố, lỗ, sụt đường, sụt đất, đường xấu, hố tử thần, mặt đường, potholes
202 | cột đèn, đèn đàng, đèn điện đường, chiếu sáng công cộng, street lights, streetlight, đèn công cộng
204 | dây cáp, dây cáp viễn thông, trạm biến áp, chập điện, chạc điện
205 | lấn chiếm vỉa hè, vỉa hè bị chiếm dụng, gạch vỉa hè, biển chỉ dẫn
301 | lấn chiếm lòng đường, bày bán ra lòng đường, đua xe, đánh bài, quảng cáo
302 | đỗ xe bừa bãi, đậu bừa, xe chắn cổng, đậu ô tô, đỗ sai
303 | chó chạy rông, chó dữ, chó hoang, dogs, stray dogs, stray dog, thả bò
"""

PROCEDURES = """
khai-sinh | giấy khai sinh, khai sinh, đăng ký khai sinh, birth certificate, gks, trích lục khai sinh
khai-tu | giấy khai tử, khai tử, đăng ký khai tử, giấy chứng tử, death certificate, chứng tử
ket-hon | đăng ký kết hôn, kết hôn, giấy kết hôn, marriage, register a marriage, marriage registration, đkkh, đk kết hôn
doc-than | giấy độc thân, xác nhận độc thân, xác nhận tình trạng hôn nhân, giấy xác nhận độc thân, single status
tam-tru | tạm trú, đăng ký tạm trú, khai báo tạm trú, temporary residence, register temporary residence
tam-vang | tạm vắng, đăng ký tạm vắng
thuong-tru | đăng ký thường trú, thường trú, nhập hộ khẩu, nhập khẩu, hộ khẩu, permanent residence
tach-ho | tách hộ, tách hộ khẩu
can-cuoc | căn cước, căn cước công dân, cccd, thẻ căn cước, cmnd, id card, cấp lại cccd
chung-thuc | chứng thực, chứng thực bản sao, sao y, chứng thực chữ ký, công chứng, notarize a copy
so-do | sổ đỏ, cấp đổi sổ đỏ, cấp sổ đỏ, giấy chứng nhận quyền sử dụng đất, sổ hồng, land certificate
sang-ten | sang tên sổ đỏ, sang tên, chuyển nhượng đất, transferring land
tach-thua | tách thửa, tách thửa đất
xay-dung | giấy phép xây dựng, xin phép xây dựng, xin giấy phép xây dựng, phép xây dựng, building permit, giấy phép xây nhà
ho-kinh-doanh | đăng ký hộ kinh doanh, hộ kinh doanh, giấy phép kinh doanh, đăng ký kinh doanh, business licence
ly-lich | lý lịch tư pháp, phiếu lý lịch tư pháp, lltp, criminal record
ho-ngheo | hộ nghèo, xác nhận hộ nghèo
tro-cap | trợ cấp, trợ cấp người cao tuổi, trợ cấp mai táng, trợ cấp khuyết tật
con-nuoi | nhận con nuôi, con nuôi
tau-ca | đăng ký tàu cá, tàu cá
"""

ITEMS = """
ghe-nam | ghế nằm, ghế, ghế dù, ghế bố, giường phủ, ghế ngồi, dù che, deckchair, deckchairs, sunbed, chair, chairs, ghế dù bãi biển
phao | phao, phao bơi, thuê phao, float, swim ring, tube
ghe | ghẹ, crab, crabs, cua ghẹ
tom | tôm, shrimp, prawns, prawn
muc-nhay | mực nháy, mực nhảy, live squid
muc | mực, mực ống, squid, mực tươi, mực khô
dua | dừa, nước dừa, quả dừa, coconut, trái dừa
xe-dien | xe điện, electric car, electric buggy, xe điện du lịch
gui-xe | gửi xe, giữ xe, xe máy, gửi xe máy, trông xe, parking, parking fee, gửi ô tô
tam-trang | tắm tráng, tắm nước ngọt, shower, tráng người
phong | phòng, phòng đôi, giá phòng, phòng khách sạn, room, rooms, phòng nghỉ
taxi | taxi, tắc xi
chup-anh | chụp ảnh, ảnh, photos, photo, chụp hình
keo | kẹo, kẹo kéo
cua | cua, cua bể
hai-san | hải sản, seafood, đồ biển
"""


def lines(text: str) -> list[tuple[str, list[str]]]:
    """The lines of one of the texts here: what is meant, and the words for it."""
    rows = (line.split("|", 1) for line in text.strip().splitlines())
    return [
        (name.strip(), [word.strip() for word in words.split(",") if word.strip()])
        for name, words in rows
    ]
