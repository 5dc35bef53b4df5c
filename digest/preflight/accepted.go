package preflight

// accepted are the features below S37's level that a letter may use all the
// same, each with the reason: where it is missing, nothing that is said is lost.
func accepted() map[string]string {
	return map[string]string{
		"at-rule media":              "small screens and the dark only; without it the letter is the one for a wide screen",
		"media prefers-color-scheme": "Gmail and Outlook turn colours by themselves, and S30 holds the contrast then, too",
		"meta color-scheme":          "tells Apple Mail that the letter knows the dark; nobody else asks",
		"property color-scheme":      "the same, in the style sheet",
		"property border-radius":     "corners are square elsewhere",
		"property word-break":        "only a word longer than a line needs it",
		"property overflow-wrap":     "the same",
		"property word-wrap":         "the same",
		"property white-space":       "where it is missing a line breaks earlier",
		"property box-sizing":        "paddings differ by a few pixels",
		"attribute aria-hidden":      "hides what is for the eye alone; without it a screen reader says a little more",
		"attribute aria-label":       "the visible words say the same",
	}
}
