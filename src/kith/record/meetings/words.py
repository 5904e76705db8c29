"""How a meeting may be held, and how somebody who was asked may have answered."""

from __future__ import annotations

HELD_HOW = {
    "together": "Everybody in one room",
    "video": "By video",
    "phone": "By telephone",
    "mixed": "Some in the room, some by video or telephone",
}

CAME = {"": "Not said yet", "came": "Came", "apologies": "Sent apologies", "absent": "Did not come"}
CAME_COLOURS = {"": "grey", "came": "green", "apologies": "yellow", "absent": "red"}
