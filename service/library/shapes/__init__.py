"""The shape of each kind of document; anything else in it is a mistake."""

from service.library.shapes.claim_code_shapes import ClaimCodesShape
from service.library.shapes.client_shapes import (
    AliasShape,
    ClientShape,
    ClientsShape,
    KeysShape,
    SmartShape,
)
from service.library.shapes.codes_and_value_sets import (
    CodeLine,
    CodeSystemShape,
    CodeSystemsShape,
    ValueSetShape,
)
from service.library.shapes.crd_shapes import CodeListShape, CodesShape, CrdShape, VersionShape
from service.library.shapes.directory_shapes import (
    CodePartShape,
    DirectoryShape,
    DrugWordsShape,
    UnreadShape,
)
from service.library.shapes.dose_shapes import (
    BandShape,
    BoundShape,
    DeviceShape,
    DoseBandsShape,
    DoseLineShape,
    DoseRowShape,
    RegimenShape,
)
from service.library.shapes.fact_shapes import (
    FactShape,
    FactSourceShape,
    MakerShape,
    ScaleShape,
    ShareShape,
)
from service.library.shapes.payers_and_services import (
    ElsewhereShape,
    IdentifierShape,
    PayerShape,
    ServiceShape,
)
from service.library.shapes.policy_shapes import (
    CriteriaShape,
    IndicationShape,
    MonthsShape,
    NotEncodedShape,
    PolicyShape,
    ReadingShape,
    TrialDefaultsShape,
)
from service.library.shapes.source_shapes import (
    ListedShape,
    MarkingWordsShape,
    ReasonsShape,
    RoleShape,
    RuleShape,
    SourceShape,
)
from service.library.shapes.units_and_timings import TimingsShape, UnitShape, UnitsShape
from service.library.shapes.written import Shape

__all__ = [
    "AliasShape",
    "BandShape",
    "BoundShape",
    "ClaimCodesShape",
    "ClientShape",
    "ClientsShape",
    "CodeLine",
    "CodeListShape",
    "CodePartShape",
    "CodeSystemShape",
    "CodeSystemsShape",
    "CodesShape",
    "CrdShape",
    "CriteriaShape",
    "DeviceShape",
    "DirectoryShape",
    "DoseBandsShape",
    "DoseLineShape",
    "DoseRowShape",
    "DrugWordsShape",
    "ElsewhereShape",
    "FactShape",
    "FactSourceShape",
    "IdentifierShape",
    "IndicationShape",
    "KeysShape",
    "ListedShape",
    "MakerShape",
    "MarkingWordsShape",
    "MonthsShape",
    "NotEncodedShape",
    "PayerShape",
    "PolicyShape",
    "ReadingShape",
    "ReasonsShape",
    "RegimenShape",
    "RoleShape",
    "RuleShape",
    "ScaleShape",
    "ServiceShape",
    "Shape",
    "ShareShape",
    "SmartShape",
    "SourceShape",
    "TimingsShape",
    "TrialDefaultsShape",
    "UnitShape",
    "UnitsShape",
    "UnreadShape",
    "ValueSetShape",
    "VersionShape",
]
