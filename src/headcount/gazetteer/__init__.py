"""Place names: towns, divisions, countries, regions and landmarks, read from one mapped index file.

``Gazetteer.open()`` maps the index that ``headcount.gazetteer.build`` makes out of GeoNames data
(CC BY 4.0, https://www.geonames.org) and the hand-written lists in this folder.
"""

from headcount.gazetteer.fold import fold_name
from headcount.gazetteer.index import Gazetteer, GazetteerError, Place
from headcount.gazetteer.layout import Kind

__all__ = ["Gazetteer", "GazetteerError", "Kind", "Place", "fold_name"]
