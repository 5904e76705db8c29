"""The numbers of authorities that pupil numbers and earlier homes are known by."""

from __future__ import annotations

_ENGLISH = (
    range(201, 214), range(301, 321), range(330, 337), range(340, 345), range(350, 360), range(370, 374),
    range(380, 385), range(390, 395), (420,), range(800, 804), range(805, 809), range(810, 814), (815, 816),
    range(820, 824), (825, 826, 830, 831), range(835, 842), (845, 846), range(850, 853), range(855, 858), (860, 861),
    range(865, 897), (908, 909, 916, 919, 921, 925, 926, 928, 929, 931, 933), range(935, 939), range(940, 944),
)  # fmt: skip
_OTHER = (range(1, 6), range(660, 682), range(701, 709))  # pseudo-authorities and Wales, which gave pupil numbers out

ENGLISH = tuple(f"{number:03d}" for numbers in _ENGLISH for number in numbers)
"""Each English authority there is or has been, three digits."""

OF_PUPIL_NUMBERS = (*ENGLISH, *(f"{number:03d}" for numbers in _OTHER for number in numbers))
"""Each that has given pupil numbers out."""
