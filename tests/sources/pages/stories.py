"""Invented reports of invented towns, as paragraphs, for the templates of pages."""

# ruff: noqa: E501 (markup stands on lines as long as pages write them)

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """A report: its headline and its paragraphs."""

    title: str
    paragraphs: tuple[str, ...]

    @property
    def begins(self) -> str:
        return self.paragraphs[0][:40]

    @property
    def ends(self) -> str:
        return self.paragraphs[-1][-40:]

    def tagged(self, tag: str = "p", attributes: str = "") -> str:
        """The paragraphs, each in a tag."""
        opening = f"<{tag} {attributes}>" if attributes else f"<{tag}>"
        return "\n".join(f"{opening}{paragraph}</{tag}>" for paragraph in self.paragraphs)


LIBRARY = Story(
    title="Hundreds march through Eastmoor to save town library",
    paragraphs=(
        "About 400 people marched through Eastmoor on Saturday in protest at plans to close the town's library, police said.",
        "Campaigners carried placards and armfuls of borrowed books from the market square to the town hall, where councillors "
        "are due to vote on the budget next week.",
        "“It is the heart of this town and we will not let it go,” said Joan Mills, who helped to organise the march. "
        "“My children learned to read here, and so did I.”",
        "Organisers put the number of marchers at more than 600, and said that it was the largest protest in Eastmoor since "
        "the strike of 1984.",
        "The council said that no decision had been made, and that all views would be heard before the vote on Thursday.",
    ),
)
HOSPITAL = Story(
    title="Norwell hospital workers rally over night shifts",
    paragraphs=(
        "Nurses and porters at Norwell General walked out at noon on Tuesday and rallied outside the main entrance, some 150 of them in all.",
        "The union says that the trust has changed the rota for night shifts without asking staff, and that many now work six nights in a row.",
        "“We are tired, and tired people make mistakes,” said a nurse who has worked at the hospital for eleven years.",
        "A spokeswoman for the trust said that patients had not been put at risk, and that talks would go on.",
        "A second rally is planned for next Friday, unless the rota is withdrawn before then.",
    ),
)
PIPELINE = Story(
    title="Farmers block road to Harlan County pipeline site",
    paragraphs=(
        "HARLAN FALLS — Dozens of farmers parked tractors across Route 9 on Monday morning, blocking the way to a pipeline construction site for five hours.",
        "Sheriff Dale Whitcomb said that between 40 and 50 tractors were counted, and that no arrests were made.",
        "The farmers say the company has not paid them for crops that were lost when trenches were dug across their fields last fall.",
        "“They told us we'd be made whole,” said Roy Tackett, who grows soybeans near Cutler Creek. “Nobody's been made whole.”",
        "The company said in a statement that it was reviewing the claims and that work would resume on Tuesday.",
    ),
)
CAMPUS = Story(
    title="Students camp on Aldous College lawn for third night",
    paragraphs=(
        "Around 80 students pitched tents on the south lawn of Aldous College on Wednesday for a third night, asking the trustees to sell shares in coal.",
        "The camp began on Monday with a march of some 300 students and a handful of professors from the library steps to the president's house.",
        "Dean Maria Osei told the students that they might stay as long as the paths were kept clear.",
        "“We have brought enough oatmeal for a month,” said Theo Brandt, a junior who has slept in the camp since it began.",
        "The trustees meet on Saturday, and the students have asked for ten minutes to speak to them.",
    ),
)
WATER = Story(
    title="Residents of Kasalpur block highway over water shortage",
    paragraphs=(
        "Over 2,000 residents of Kasalpur, many of them women with empty pots, blocked the highway on Sunday to demand drinking water.",
        "The blockade began at eight in the morning and held up traffic for three hours, the police said.",
        "The protesters said that taps in the eastern wards had been dry for nineteen days, and that tankers came only at night.",
        "The sub-divisional officer reached the spot and promised that four tankers a day would be sent until the pumps were mended.",
        "The residents then cleared the road, and said that they would be back in a week if the tankers did not come.",
    ),
)
STORIES = (LIBRARY, HOSPITAL, PIPELINE, CAMPUS, WATER)

RELATED = "Thousands rally in Kelby over rail fares"
RELATED_TEASER = "Up to 7,000 people filled the streets of Kelby on Friday evening, the organisers of the rally said."
COMMENT = "I was there and there were 9,000 of us at the very least, whatever the paper says about it."
NEWSLETTER = "Get the best of the week straight to your inbox every Friday"
CAPTION = "Protesters in Dunmouth in an earlier year. Photograph: Ina Holt"
NAVIGATION = "Weather Traffic Obituaries Classifieds"
NOISE = (RELATED, RELATED_TEASER, COMMENT, NEWSLETTER, NAVIGATION)
