#!/usr/bin/python3
"""Makes the pictures, the letter and the texts of evidence/; make.sh calls it. All of it is invented."""

import random
import sys
from email import policy
from email.message import EmailMessage

FONTS = "/usr/share/fonts/truetype/dejavu/"

# From him before her answer, in order: minute after 19:40, text.
BEFORE = [
    (0, "привет"),
    (0, "ты дома?"),
    (1, "давай встретимся, поговорим спокойно"),
    (2, "я просто хочу поговорить"),
    (4, "ты прочитала"),
    (5, "ответь"),
    (6, "пять минут, я подъеду"),
    (7, "почему ты молчишь"),
    (9, "я же вижу, что ты в сети"),
    (10, "Айнаш, ответь по-человечески"),
    (11, "я не заслужил такого"),
    (13, "с кем ты там"),
    (14, "выйди, я у дома"),
    (15, "выйди сейчас"),
    (17, "я всё равно поднимусь"),
    (18, "ты думаешь, можно просто так уйти"),
    (20, "возьми трубку"),
    (21, "возьми трубку\nпоследний раз говорю"),
    (22, "ладно"),
    (23, "Ты ещё пожалеешь, что так со мной"),
]
HERS = (
    25,
    "Не пиши мне, не звони и не приходи. Между нами всё закончено, общаться с тобой я не хочу.",
)
AFTER = [
    (26, "это ты так решила?"),
    (27, "а меня кто-нибудь спросил"),
    (31, "завтра поговорим"),
    (35, "спокойной ночи"),
]


def chat(path):
    """A chat as a messenger's "export chat" writes it."""
    lines = ["10.02.2026, 19:40 - Сообщения и звонки защищены сквозным шифрованием."]
    for who, messages in (("Даулет", BEFORE), ("Айнаш", [HERS]), ("Даулет", AFTER)):
        for minute, text in messages:
            hour, rest = divmod(19 * 60 + 40 + minute, 60)
            lines.append(f"10.02.2026, {hour:02}:{rest:02} - {who}: {text}")
    with open(path, "w", encoding="utf-8", newline="\n") as out:
        out.write("\n".join(lines) + "\n")


def mail(path):
    """A message saved with its headers; names and addresses are those reserved for documentation."""
    message = EmailMessage(policy=policy.SMTP)
    message["Return-Path"] = "<no-reply@example.com>"
    message["Received"] = (
        "from mail.example.com (mail.example.com [192.0.2.25]) by mx.example.org with ESMTPS id 000000; "
        "Mon, 20 Jul 2026 08:12:04 +0500"
    )
    message["Message-ID"] = "<20260720031159.000000@example.com>"
    message["Date"] = "Mon, 20 Jul 2026 03:11:59 +0000"
    message["From"] = "=?utf-8?b?0JTQvtCx0YDQvtC20LXQu9Cw0YLQtdC70Yw=?= <no-reply@example.com>"
    message["To"] = "office@example.org"
    message["Subject"] = "last chance"
    message.set_content(
        "You know what I have. Private pictures go to your parents and to your boss\n"
        "unless you take your papers back from the police.\n\n"
        "You have until Friday, Kuralai \U0001f642\n",
        cte="quoted-printable",
    )
    with open(path, "wb") as out:
        out.write(bytes(message))


def font(size, bold=False):
    from PIL import ImageFont

    return ImageFont.truetype(FONTS + ("DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"), size)


def screen(clock, title):
    """An empty phone screen with its status line and title."""
    from PIL import Image, ImageDraw

    image = Image.new("RGB", (720, 1440), "#ffffff")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, 720, 48), fill="#f1f3f4")
    draw.text((28, 10), clock, font=font(24), fill="#202124")
    draw.text((590, 10), "4G  41%", font=font(24), fill="#202124")
    draw.text((36, 84), title, font=font(38, bold=True), fill="#202124")
    draw.line((0, 156, 720, 156), fill="#dadce0", width=2)
    return image, draw


def calls(path):
    """The call log of the morning of 15 February, newest first."""
    image, draw = screen("07:12", "Қоңыраулар журналы")
    numbers = ["+7 700 000 00 02", "жасырын нөмір", "+7 700 000 00 03", "+7 700 000 00 01"]
    minutes = [4 * 60 + 10]
    rng = random.Random(15)
    while len(minutes) < 12:
        minutes.append(minutes[-1] - rng.randint(4, 11))
    draw.text((36, 176), "Бүгін, 15 ақпан", font=font(26), fill="#5f6368")
    for row, minute in enumerate(minutes):
        top = 226 + row * 98
        taken = row == 7
        draw.ellipse((36, top + 8, 96, top + 68), fill="#c6dafc" if taken else "#fad2cf")
        draw.text((56, top + 20), "↙", font=font(28), fill="#1a73e8" if taken else "#d93025")
        draw.text((124, top + 4), numbers[rng.randrange(4)], font=font(30), fill="#202124")
        kind = "Кіріс қоңырау, 0 мин 09 сек" if taken else "Қабылданбаған қоңырау"
        draw.text((124, top + 44), kind, font=font(23), fill="#5f6368" if taken else "#d93025")
        draw.text(
            (600, top + 20), f"{minute // 60:02}:{minute % 60:02}", font=font(26), fill="#5f6368"
        )
        draw.line((124, top + 90, 720, top + 90), fill="#eceff1", width=1)
    image.save(path, optimize=True)


def page(path):
    """One of the three pages opened in her name: grey fields where photographs were."""
    image, draw = screen("22:28", "sample.page.01")
    draw.ellipse((36, 190, 216, 370), fill="#cfd8dc")
    draw.ellipse((96, 222, 156, 282), fill="#90a4ae")
    draw.pieslice((66, 286, 186, 420), 180, 360, fill="#90a4ae")
    for x, number, word in ((270, "9", "публ."), (410, "214", "подп."), (560, "1 306", "подписки")):
        draw.text((x, 240), number, font=font(32, bold=True), fill="#202124")
        draw.text((x, 284), word, font=font(24), fill="#5f6368")
    lines = [
        "Айнаш, г. Тумаркала",
        "Бухгалтерия, фирма «Пример»",
        "Позвони, я всегда рада новым знакомствам",
        "+7 700 000 00 12",
    ]
    for row, text in enumerate(lines):
        draw.text((36, 400 + row * 42), text, font=font(27, bold=row == 0), fill="#202124")
    for x, word in ((36, "Подписаться"), (372, "Сообщение")):
        draw.rounded_rectangle((x, 590, x + 312, 660), 14, fill="#1a73e8" if x == 36 else "#e8eaed")
        draw.text((x + 70, 608), word, font=font(27), fill="#ffffff" if x == 36 else "#202124")
    rng = random.Random(18)
    for cell in range(9):
        x, y = 4 + cell % 3 * 240, 690 + cell // 3 * 240
        shade = 150 + rng.randrange(70)
        draw.rectangle((x, y, x + 232, y + 232), fill=(shade, shade, shade + 8))
        draw.ellipse((x + 84, y + 50, x + 148, y + 114), fill=(shade - 40, shade - 40, shade - 32))
        draw.pieslice(
            (x + 52, y + 118, x + 180, y + 260), 180, 360, fill=(shade - 40, shade - 40, shade - 32)
        )
    image.save(path, optimize=True)


def photo(path, thumbnail):
    """A small black box on a magnet behind a wheel, drawn: nobody's car."""
    from PIL import Image, ImageChops, ImageDraw, ImageFilter

    width, height = 1280, 960
    image = Image.new("RGB", (width, height))
    draw = ImageDraw.Draw(image)
    for y in range(height):
        base = 34 + y * 58 // height
        draw.line((0, y, width, y), fill=(base, base + 2, base + 5))
    draw.polygon(((0, 0), (width, 0), (width, 300), (0, 380)), fill=(24, 34, 66))
    draw.polygon(((0, 380), (width, 300), (width, 330), (0, 414)), fill=(52, 62, 92))
    draw.ellipse((-330, 330, 330, 1010), fill=(17, 17, 18))
    draw.ellipse((-170, 490, 170, 850), fill=(92, 94, 98))
    draw.rounded_rectangle((430, 470, 1250, 530), 20, fill=(70, 66, 62))
    draw.rounded_rectangle((640, 520, 900, 690), 18, fill=(20, 20, 21))
    draw.rounded_rectangle((652, 532, 888, 678), 12, outline=(48, 48, 50), width=4)
    image = image.filter(ImageFilter.GaussianBlur(2.2))
    glow = Image.new("RGB", (width, height))
    lamp = ImageDraw.Draw(glow)
    lamp.ellipse((834, 556, 874, 596), fill=(190, 16, 12))
    glow = glow.filter(ImageFilter.GaussianBlur(12))
    ImageDraw.Draw(glow).ellipse((849, 571, 859, 581), fill=(255, 120, 96))
    image = ImageChops.add(image, glow)
    rng = random.Random(21)
    grain = Image.frombytes(
        "L", (width // 2, height // 2), bytes(rng.choices(range(96, 161), k=width * height // 4))
    )
    grain = grain.resize((width, height), Image.BICUBIC).filter(ImageFilter.GaussianBlur(0.8))
    image = Image.blend(image, ImageChops.overlay(image, Image.merge("RGB", [grain] * 3)), 0.55)
    image.save(path, quality=80)
    image.resize((160, 120), Image.LANCZOS).save(thumbnail, quality=60)


def letter(path):
    """The letter of a clinic that does not exist."""
    from reportlab.lib.pagesizes import A4
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.pdfgen.canvas import Canvas

    pdfmetrics.registerFont(TTFont("Text", FONTS + "DejaVuSerif.ttf"))
    pdfmetrics.registerFont(TTFont("Bold", FONTS + "DejaVuSerif-Bold.ttf"))
    canvas = Canvas(path, pagesize=A4, invariant=1)
    canvas.setTitle("Справка № 000/26")
    canvas.setAuthor("Травматологический пункт")
    canvas.setFont("Bold", 11)
    canvas.drawCentredString(297, 780, "Городская поликлиника, г. Тумаркала")
    canvas.drawCentredString(297, 764, "Тұмарқала қаласының қалалық емханасы")
    canvas.setFont("Text", 10)
    canvas.drawCentredString(297, 746, "Травматологический пункт / Жарақат пункті")
    canvas.line(72, 734, 523, 734)
    canvas.setFont("Bold", 13)
    canvas.drawCentredString(297, 700, "СПРАВКА № 000/26 / АНЫҚТАМА")
    lines = [
        "Дана гр. Айнаш К., 1994 г. р., в том, что 03.06.2026 в 08:40 она обратилась",
        "в травматологический пункт.",
        "",
        "Со слов: 02.06.2026 около 21 часа знакомый мужчина схватил за правое",
        "запястье и толкнул к стене.",
        "",
        "Объективно: на передней и тыльной поверхности правого запястья три",
        "кровоподтёка овальной формы от 1,5 до 2,5 см, синюшно-багровые. Правый",
        "локтевой сустав отёчен, движения болезненны. Рентген: костных изменений нет.",
        "",
        "Диагноз: ушиб правого локтевого сустава, ушиб правого запястья.",
        "Рекомендации: покой, холод, осмотр хирурга 10.06.2026.",
        "",
        "Врач-травматолог                                   М. (подпись)",
        "Дата выдачи: 03.06.2026                            М. П.",
    ]
    canvas.setFont("Text", 10.5)
    for row, text in enumerate(lines):
        canvas.drawString(72, 664 - row * 19, text)
    canvas.setFont("Text", 8)
    canvas.drawString(
        72, 60, "Образец для проверки программы. Учреждение, лица и номера вымышлены."
    )
    canvas.save()


if __name__ == "__main__":
    {f.__name__: f for f in (chat, mail, calls, page, photo, letter)}[sys.argv[1]](*sys.argv[2:])
