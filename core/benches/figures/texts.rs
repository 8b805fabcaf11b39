//! Invented incidents of about 1.45 KB of JSON, in Kazakh and Russian, each one different; and photos.

use jpeg_encoder::{ColorType, Encoder};

/// The word that only some incidents hold, as it is typed on a keyboard without Kazakh letters;
/// in the texts it stands as `күзетшіге`.
pub const RARE: &str = "кузетшіге";

/// Every so many incidents hold [`RARE`]: one full page in 100,000 needs all of them to be read.
pub const RARE_EVERY: u64 = 4_001;

const SENTENCES: [&str; 16] = [
    "Ол тағы да кіреберісте күтіп тұрды, мен шыққанша кетпеді.",
    "Кешке қарай бейтаныс нөмірден он жеті рет қоңырау соқты.",
    "Он снова ждал у подъезда и шёл за мной до остановки.",
    "Написал, что всё равно узнает, где я теперь живу.",
    "Жұмыстан шыққанда көлігі есік алдында тұр екен.",
    "Көршіме менің кестемді сұрап хабарласыпты.",
    "Сказал моей коллеге, что мы помирились, хотя это неправда.",
    "Мен оған хабарласпа деп анық айттым, ол күліп қана қойды.",
    "Под фотографией появился комментарий с нового аккаунта.",
    "Ночью звонил в домофон и молчал, потом ударил по двери.",
    "Балабақшаның қасында тұрғанын тәрбиеші де көрді.",
    "Обещал прийти ко мне на работу и поговорить с начальником.",
    "Қорқып, сол күні әпкемнің үйіне бардым, түнде ұйықтай алмадым.",
    "Участковый сказал, что пока ничего не произошло.",
    "Хабарламасында балалардың мектебін атап жазыпты.",
    "На машине снова спущено колесо, соседи видели его во дворе.",
];

/// Incident `number` as the JSON that an application hands over.
pub fn incident(number: u64) -> String {
    let mut state = number.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut next = |below: u64| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (state >> 33) % below
    };
    let mut narrative = format!("Жазба {number}. ");
    if number.is_multiple_of(RARE_EVERY) {
        narrative.push_str("Күзетшіге айттым. ");
    }
    while narrative.len() < 1_000 {
        narrative.push_str(SENTENCES[usize::try_from(next(16)).unwrap_or(0)]);
        narrative.push(' ');
    }
    let (month, day, hour) = (1 + next(12), 1 + next(28), next(24));
    let narrative = narrative.trim_end();
    format!(
        r#"{{"occurred":{{"from":"2026-{month:02}-{day:02}T{hour:02}:15+05:00","precision":"about"}},"narrative":"{narrative}","verbatim":["«Всё равно найду»"],"place":{{"class":"home","text":"подъезд, 2-й этаж"}},"behaviours":["waiting","threat"],"channels":["in_person"],"people":[{{"key":"p1","role":"perpetrator","name":"А. Б.","relationship":"ex_partner"}}],"harm":{{"kinds":["fear","sleep"]}},"response":["blocked"]}}"#
    )
}

/// A photo of about 270 KB: slopes with some noise, as a camera gives them.
pub fn photo(number: u32, (width, height): (u16, u16)) -> Vec<u8> {
    let mut state = u64::from(number) | 1 << 32;
    let mut rgb = Vec::with_capacity(usize::from(width) * usize::from(height) * 3);
    for y in 0..u32::from(height) {
        for x in 0..u32::from(width) {
            state = state.wrapping_mul(6_364_136_223_846_793_005) + 1;
            let noise = u32::try_from(state >> 60).unwrap_or(0);
            for colour in 0..3 {
                let slope = (x * (1 + colour) + y * (3 - colour)) / 16 + 37 * number;
                rgb.push(u8::try_from((slope + noise) % 256).unwrap_or(0));
            }
        }
    }
    let mut jpeg = Vec::new();
    let made = Encoder::new(&mut jpeg, 70).encode(&rgb, width, height, ColorType::Rgb);
    made.expect("a picture of this size can be coded");
    jpeg
}
