"""Languages: a report in another language is screened out and says which; no English report is lost, of whatever kind."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import pytest

from golden.compare import read_samples
from headcount.coding import Reader
from headcount.models import Report
from headcount.text.language import READ_AT_MOST, find_language
from headcount.wording import write_language

FOREIGN = {
    "es": "Miles de personas marcharon el sábado por el centro de Valdemora para exigir la reapertura del hospital comarcal. "
    "La manifestación, convocada por los sindicatos, terminó frente al ayuntamiento sin incidentes.",
    "fr": "Plusieurs centaines de personnes ont défilé samedi dans les rues de Montbrac contre la fermeture de la maternité. "
    "Le cortège s'est dispersé dans le calme devant la préfecture vers midi.",
    "de": "Rund zweitausend Menschen haben am Samstag in Altenfels gegen die Schließung des Krankenhauses demonstriert. "
    "Die Polizei sprach von einem friedlichen Verlauf der Kundgebung vor dem Rathaus.",
    "cy": "Gorymdeithiodd cannoedd o bobl drwy strydoedd Llanfedw ddydd Sadwrn yn erbyn cau'r ysgol gynradd. "
    "Dywedodd y trefnwyr fod dros bum cant wedi dod i'r rali o flaen swyddfeydd y cyngor.",
    "ga": "Mháirseáil na céadta duine trí shráideanna an bhaile Dé Sathairn i gcoinne dhúnadh na scoile. "
    "Dúirt na heagraithe go raibh breis agus cúig chéad duine i láthair taobh amuigh d'oifigí na comhairle.",
    "nl": "Honderden mensen hebben zaterdag in Oudewaard gedemonstreerd tegen de sluiting van het ziekenhuis. "
    "De politie sprak van een rustig verloop en er was niemand aangehouden bij de betoging.",
    "da": "Flere hundrede mennesker gik lørdag gennem byens gader for at protestere mod lukningen af sygehuset. "
    "Politiet oplyste, at demonstrationen forløb fredeligt, og at ingen blev anholdt.",
    "it": "Migliaia di persone hanno sfilato sabato per le vie del centro di Borgovalle contro la chiusura dell'ospedale. "
    "Il corteo, promosso dai sindacati, si è concluso davanti al municipio.",
    "pt": "Milhares de pessoas marcharam no sábado pelas ruas de Vila Serena contra o fecho do hospital. "
    "A manifestação, convocada pelos sindicatos, terminou em frente à câmara municipal sem incidentes.",
    "pl": "Tysiące osób przeszło w sobotę ulicami miasta w proteście przeciwko zamknięciu szpitala. "
    "Według policji zgromadzenie przebiegło spokojnie i nikogo nie zatrzymano pod ratuszem.",
    "tr": "Yüzlerce kişi cumartesi günü kent merkezinde hastanenin kapatılmasına karşı yürüdü. "
    "Sendikaların çağrısıyla düzenlenen eylem belediye binası önünde olaysız sona erdi.",
    "id": "Ratusan orang berunjuk rasa pada hari Sabtu di pusat kota menolak penutupan rumah sakit daerah. "
    "Polisi mengatakan bahwa aksi tersebut berlangsung damai dan tidak ada yang ditangkap.",
    "tl": "Daan-daang manggagawa ang nagmartsa noong Sabado sa lungsod upang tutulan ang pagsasara ng ospital. "
    "Ayon sa pulisya, mapayapa ang naging kilos-protesta sa harap ng munisipyo.",
    "af": "Honderde mense het Saterdag deur die strate van Klipdrif gestap om teen die sluiting van die hospitaal te "
    "protesteer. Die polisie het gesê dat die optog vreedsaam verloop het en niemand is in hegtenis geneem nie.",
    "pcm": "Plenty people don waka go state house for Saturday sake of say government wan close dia hospital. Di people wey "
    "organise di protest tok say dem no go tire until oga patapata hear wetin dem dey tok, but police say wahala no dey.",
    "ru": "Сотни человек вышли в субботу на улицы города против закрытия больницы. Полиция сообщила, что акция прошла спокойно.",
    "ar": "تظاهر مئات الأشخاص يوم السبت في وسط المدينة احتجاجا على إغلاق المستشفى وقالت الشرطة إن المظاهرة انتهت دون حوادث",
    "hi": "अस्पताल बंद करने के विरोध में शनिवार को सैकड़ों लोगों ने शहर में जुलूस निकाला। पुलिस ने कहा कि प्रदर्शन शांतिपूर्ण रहा।",
    "zh": "星期六数百人在市中心游行抗议关闭医院警方表示示威活动和平结束没有人被逮捕组织者说下周将再次集会",
}
ENGLISH = (
    "Several hundred people marched through the centre of Valdemora on Saturday to demand that the county hospital be opened "
    "again. The demonstration, which was called by the unions, ended in front of the town hall without incident, and the "
    "police said that nobody had been arrested."
)
READ = {
    "headlines": "Hundreds rally for hospital\nTractors block motorway\nTeachers walk out over pay\nVigil held for drowned "
    "fisherman\nStudents occupy library\nNurses picket ministry",
    "headlines in capitals of each word": "Hundreds Rally For Hospital\nTractors Block Motorway\nTeachers Walk Out Over Pay\n"
    "Vigil Held For Drowned Fisherman\nStudents Occupy Library",
    "towns with Welsh names": "Llandudno, Caernarfon, Bangor, Swansea, Merthyr Tydfil, Pontypridd, Aberystwyth, Llanelli",
    "towns with Welsh names in capitals": "LLANDUDNO, CAERNARFON, BANGOR, SWANSEA, MERTHYR TYDFIL, PONTYPRIDD, LLANELLI",
    "towns with Spanish names": "Los Angeles: 2,000\nSan Francisco: 500\nSan Diego: 300\nSanta Fe: 50\nEl Paso: 20\n"
    "Las Cruces: 40\nSacramento: 700\nSan Jose: 80\nFresno: 90\nPalo Alto: 12",
    "a round-up": "LEEDS – 200 marched. HULL – 50 picketed. ABERYSTWYTH – 30 stood outside Natwest. PWLLHELI – vigil, 20.",
    "capitals": "HUNDREDS MARCHED THROUGH LEEDS ON SATURDAY AGAINST CUTS. POLICE REPORTED NO ARRESTS. ORGANISERS CLAIMED MORE.",
    "a table": "Town\tPeople\tDate\nLeeds\t200\t3 May\nHull\t50\t3 May\nYork\t30\t4 May\nBradford\t1,000\t5 May\n" * 4,
    "Indian": "ASHA workers, anganwadi sevikas and safai karamcharis sat on dharna outside the Zilla Parishad office in "
    "Solapur demanding arrears. Raising slogans of ‘Inquilab zindabad’, they gheraoed the collector.",
    "Indian headlines": "Lathicharge on farmers' dharna at Nashik collectorate; tehsildar gheraoed, bandh call given by Kisan "
    "Sabha, jathas reach Azad Maidan, morcha halted near Kasara ghat, anganwadi workers join",
    "Nigerian": "Okada riders, keke drivers and agbero groups blocked the Lokoja–Abuja road on Tuesday, chanting ‘we no go "
    "gree’, after the Kogi government banned commercial motorcycles from the highway.",
    "Irish": "Gardaí estimated that 500 people attended the rally outside the Dáil. The Taoiseach, the Tánaiste and TDs met "
    "Conradh na Gaeilge, whose slogan was ‘Níos mó ná teanga’.",
    "Scots": "Hunners o fowk mairched throu the toon on Setterday agin the closin o the hospital. The polis said there wis nae "
    "bother, an the organisers telt the cooncil they wid be back neist week wi mair fowk.",
    "a live page": "12:04 Crowd gathering, Market Square\n12:10 Speeches started\n12:20 Mayor speaking now\n12:40 March moving",
    "words after commas": "protest, march, rally, sit-in, picket, blockade, occupation, vigil, strike, walkout, encampment",
    "hashtags": "#SaveOurLibrary #Leeds #march #solidarity #unite @LeedsUnison https://example.org/abc/def?x=y RT RT",
    "a wrong character set": ENGLISH.replace("the", "the “caf\u00c3\u00a9” the").encode().decode("latin-1"),
    "a long quotation": f"{ENGLISH}\n\n“{FOREIGN['es'][:170]}”, said a speaker from the balcony.",
    "a motto": f"{ENGLISH}\n\n{FOREIGN['cy']}",
    "no words": "1,204 3,377 12/05 44% — 89 ... 1,204 3,377 12/05 44% — 89 ... 1,204 3,377 12/05 44% — 89",
    "too little to tell": "Marcha en Valdemora: 500",
    "nothing": "",
}


@pytest.mark.parametrize("language", FOREIGN)
def test_another_language_is_told(language: str) -> None:
    """In two sentences, in many, in capitals, and in lines as short as a phone shows them."""
    text = FOREIGN[language]
    assert find_language(text) == language
    assert find_language("\n\n".join([text] * 40)) == language
    assert find_language(text.upper()) == language
    assert find_language(text.replace(". ", ".\n").replace(", ", ",\n")) == language


@pytest.mark.parametrize("kind", READ)
def test_no_kind_of_english_is_taken_for_another_language(kind: str) -> None:
    """It is English, or nobody can tell, which is read as English."""
    assert find_language(READ[kind]) in ("en", None)


def test_no_sample_report_is_lost() -> None:
    """All of them are English."""
    found = {name: find_language(reading.report.text) for name, reading in read_samples().items()}
    assert set(found.values()) == {"en"}, {name: one for name, one in found.items() if one != "en"}


@pytest.mark.parametrize("language", ["es", "cy", "de", "pl", "hi", "zh"])
def test_english_around_a_text_does_not_hide_its_language(language: str) -> None:
    """A page in another language may begin and end with the words of an English template."""
    above = "Home News Sport Weather\nSign in to your account and read more of the stories that you follow on the site\n\n"
    below = "\n\nAll rights are reserved. Read the terms and our privacy policy before you use any of the texts of this site."
    assert find_language(above + "\n\n".join([FOREIGN[language]] * 6) + below) == language


@pytest.mark.parametrize("language", ["es", "cy", "pl", "af"])
def test_a_text_is_english_from_one_half(language: str) -> None:
    """In whichever order its languages come; with a third of English it is in the other one."""
    other = FOREIGN[language]
    for texts in ([ENGLISH, other], [other, ENGLISH], [other] * 9 + [ENGLISH] * 9, [ENGLISH, other] * 9):
        assert find_language("\n\n".join(texts)) == "en"
    for texts in ([ENGLISH, other, other, other], [other] * 9 + [ENGLISH] * 3 + [other] * 9):
        assert find_language("\n\n".join(texts)) == language


def test_a_long_text_is_judged_all_over() -> None:
    """Not by its first pages alone."""
    assert len(ENGLISH) * 60 > READ_AT_MOST
    assert find_language((ENGLISH + "\n") * 60 + (FOREIGN["es"] + "\n") * 400) == "es"
    assert find_language((FOREIGN["es"] + "\n") * 60 + (ENGLISH + "\n") * 400) == "en"


def test_a_report_in_another_language_is_screened_out_and_says_which() -> None:
    """With words of a gathering in it, without, and where the screen of words is off: it would be half-read."""
    told = FOREIGN["es"] + " El lema de la protesta era «500 rally in Leeds on Saturday»."
    for screen in (True, False):
        reader = Reader(screen=screen)
        for text in (told, FOREIGN["cy"]):
            reading = reader.read(Report(text=text))
            assert (reading.screened_by, reading.language) == ("language", find_language(text))
            assert reading.events == ()


def test_an_english_report_is_read_as_before_and_says_so() -> None:
    """The language is found for what is read, and for what has no word of a gathering."""
    sample = next(iter(read_samples().values()))
    reader = Reader()
    reading = reader.read(sample.report)
    assert (reading.language, reading.screened_by) == ("en", None)
    assert reading.events
    dull = reader.read(
        replace(sample.report, text="It rained on the hills, and the farmers of the dale said that it was not enough.")
    )
    assert (dull.language, dull.screened_by) == ("en", "words")


def test_english_needs_no_model() -> None:
    """The model takes longer to load than a report to read, and is loaded by the first text that is not plainly English."""
    code = (
        "import sys; from headcount.text.language import find_language; "
        "assert find_language(sys.argv[1]) == 'en'; assert 'py3langid' not in sys.modules; "
        "assert find_language(sys.argv[2]) == 'es'; assert 'py3langid' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code, ENGLISH * 9, FOREIGN["es"]], check=True)


def test_a_language_has_its_english_name() -> None:
    """And one that we have no name for its code."""
    assert [write_language(code) for code in (*FOREIGN, "zz")][:4] == ["Spanish", "French", "German", "Welsh"]
    assert write_language("zz") == "a language (zz)"
    assert all("(" not in write_language(code) for code in FOREIGN)
