package preflight_test

import "strings"

// htmlDefects are those of form.
func htmlDefects() []defect {
	return []defect{
		{"a heading that is a picture", "S24", false, func(d *draft) {
			d.inHTML(footing, `<table role="presentation" width="100%"><tr><td><img src="https://digest.example.org/chart.png" alt="A chart" width="500" height="200"></td></tr></table>`+footing)
		}},
		{"a layout table without its role", "S26", false, func(d *draft) { d.inHTML(`<table role="presentation" class="page"`, `<table class="page"`) }},
		{"a column of 720 px", "S26", false, func(d *draft) { d.inHTML("max-width:600px", "max-width:720px") }},
		{"no language", "S27", false, func(d *draft) { d.inHTML(`<html lang="en"`, `<html`) }},
		{"a wrapper without language", "S27", false, func(d *draft) { d.inHTML(`<div lang="en"`, `<div`) }},
		{"flex", "S28", false, func(d *draft) {
			d.inHTML(`<div lang="en" dir="ltr">`, `<div lang="en" dir="ltr" style="display:flex;">`)
		}},
		{"style for all screens in the sheet", "S28", false, func(d *draft) { d.inHTML("@media", "p {margin: 0}\n@media") }},
		{"text without a font", "S28", false, func(d *draft) { d.inHTML(`40px;font-family:Georgia,'Times New Roman',Times,serif;`, "40px;") }},
		{"no ghost table", "S29", false, func(d *draft) { d.inHTML(`(?s)<!--\[if mso\]><table.*?<!\[endif\]-->`, "") }},
		{"a conditional comment without an end", "S29", false, func(d *draft) { d.inHTML(`</td></tr></table><!\[endif\]-->`, "</td></tr></table>-->") }},
		{"pale text", "S30", false, func(d *draft) { d.inHTML(`color:#1e1d1a;">Corrections`, `color:#a8a294;">Corrections`) }},
		{"text that is pale in the dark", "S30", false, func(d *draft) { d.inHTML(`<h2 class="ink"([^>]*)>Corrections`, `<h2$1>Corrections`) }},
		{"text that is pale when inverted", "S30", false, func(d *draft) {
			d.inHTML(`<h2 class="ink"([^>]*)color:#1e1d1a;">Corrections`, `<h2${1}color:#1e1d1a;background-color:#888a88;">Corrections`)
		}},
		{"pure white", "S30", false, func(d *draft) {
			d.inHTML(`<body class="page" style="margin:0;padding:0;background-color:#fbfaf6;`, `<body class="page" style="margin:0;padding:0;background-color:#ffffff;`)
		}},
		{"nothing said of the dark", "S30", false, func(d *draft) { d.inHTML(`<meta name="color-scheme"[^>]*>`, "") }},
		{"a bar without its shape", "S31", false, func(d *draft) { d.inHTML(`▲&nbsp;1</td>`, `1</td>`) }},
		{"one shape for two stances", "S31", false, func(d *draft) {
			d.html = strings.ReplaceAll(d.html, "▲", "■")
			d.text = strings.ReplaceAll(d.text, "▲", "■")
		}},
		{"two h1", "S32", false, func(d *draft) { d.inHTML(`<h2 ([^>]*)>Corrections</h2>`, `<h1 $1>Corrections</h1>`) }},
		{"a level skipped", "S32", false, func(d *draft) { d.inHTML(`<h2 ([^>]*)>Corrections</h2>`, `<h2 $1>Corrections</h2><h4 $1>Of old</h4>`) }},
		{"read more", "S32", false, func(d *draft) { d.inHTML(`>An invented piece of an earlier week, the 1.</a>`, `>Read more</a>`) }},
		{"two links of one text", "S32", false, func(d *draft) {
			d.inHTML(`>An invented piece of an earlier week, the 1.</a>`, `>An invented piece of an earlier week, the 2.</a>`)
		}},
		{"text of 9 px", "S32", false, func(d *draft) { d.inHTML(`font-size:16px;([^>]*>Pieces of earlier)`, `font-size:9px;$1`) }},
		{"small print throughout", "S32", false, func(d *draft) {
			d.html = strings.NewReplacer("font-size:16px", "font-size:13px", "font-size:17px", "font-size:13px", "font-size:20px", "font-size:13px", "font-size:22px", "font-size:13px").Replace(d.html)
		}},
		{"lines that touch", "S32", false, func(d *draft) {
			d.inHTML(`font-size:17px;line-height:27px;(color:#1e1d1a;">We had filed)`, `font-size:17px;line-height:18px;$1`)
		}},
		{"links too small to hit", "S32", false, func(d *draft) { d.inHTML(`line-height:28px;(color:#5c5850;"><a class="dim")`, `line-height:20px;$1`) }},
		{"a picture without alt", "S33", false, func(d *draft) { d.picture(`src="https://digest.example.org/a.png" width="20" height="20"`) }},
		{"a picture without a size", "S33", false, func(d *draft) { d.picture(`src="https://digest.example.org/a.png" alt="A map"`) }},
		{"another title", "S34", false, func(d *draft) { d.inHTML(`<title>`, `<title>Newsletter: `) }},
		{"a short preheader", "S35", false, func(d *draft) { d.inHTML(`(mso-hide:all;">)[^\n]*`, `${1}Hello`) }},
		{"a preheader without padding", "S35", false, func(d *draft) { d.html = strings.ReplaceAll(d.html, "&#847;&zwnj;&nbsp;", "") }},
		{"a shadow", "S37", false, func(d *draft) {
			d.inHTML(`<h2 class="ink" style="`, `<h2 class="ink" style="text-shadow:1px 1px 2px #5c5850;`)
		}},
		{"an element that Outlook does not know", "S37", false, func(d *draft) { d.inHTML(`Disagree with a label\?`, `<abbr>Disagree</abbr> with a label?`) }},
		{"a selector that Gmail drops", "S37", false, func(d *draft) { d.inHTML(`\n\.side \{`, "\n.side:hover {") }},
	}
}
