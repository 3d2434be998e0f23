"""The shape of each kind of document; anything else in it is a mistake."""

from service.library.shapes.clients import (
    AliasShape,
    ClientShape,
    ClientsShape,
    KeysShape,
)
from service.library.shapes.directories import DirectoryShape, DrugWordsShape
from service.library.shapes.doses import DoseBandsShape, DoseLineShape, DoseRowShape
from service.library.shapes.orders import (
    BandShape,
    BoundShape,
    DeviceShape,
    ElsewhereShape,
    IdentifierShape,
    PayerShape,
    RegimenShape,
    ServiceShape,
)
from service.library.shapes.policies import (
    IndicationShape,
    CriteriaShape,
    NotEncodedShape,
    MonthsShape,
    PolicyShape,
    ReadingShape,
    TrialDefaultsShape,
)
from service.library.shapes.records import (
    FactShape,
    ListedShape,
    FactSourceShape,
    MakerShape,
    ReasonsShape,
    RuleShape,
    ScaleShape,
    ShareShape,
    SourceShape,
)
from service.library.shapes.terms import (
    CodeLine,
    CodeSystemShape,
    CodeSystemsShape,
    TimingsShape,
    UnitShape,
    UnitsShape,
    ValueSetShape,
)
from service.library.shapes.unread import CodePartShape, UnreadShape
from service.library.shapes.written import Shape

__all__ = [
    "IndicationShape",
    "AliasShape",
    "BandShape",
    "BoundShape",
    "ClientShape",
    "ClientsShape",
    "CodeLine",
    "CodePartShape",
    "CodeSystemShape",
    "CodeSystemsShape",
    "CriteriaShape",
    "DeviceShape",
    "DirectoryShape",
    "DoseBandsShape",
    "DoseLineShape",
    "DoseRowShape",
    "DrugWordsShape",
    "ElsewhereShape",
    "FactShape",
    "IdentifierShape",
    "KeysShape",
    "NotEncodedShape",
    "ListedShape",
    "FactSourceShape",
    "MakerShape",
    "MonthsShape",
    "PayerShape",
    "PolicyShape",
    "ReadingShape",
    "ReasonsShape",
    "RegimenShape",
    "RuleShape",
    "ScaleShape",
    "ServiceShape",
    "Shape",
    "ShareShape",
    "SourceShape",
    "TimingsShape",
    "TrialDefaultsShape",
    "UnitShape",
    "UnitsShape",
    "UnreadShape",
    "ValueSetShape",
]
