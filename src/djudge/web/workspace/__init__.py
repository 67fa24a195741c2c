"""Where candidates work: sittings with their time, files that are saved as they are typed, handing in."""
