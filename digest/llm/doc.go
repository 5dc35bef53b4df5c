// Package llm asks a language model, behind any endpoint of the form of OpenAI's
// chat completions, where the author of a piece stands: a second opinion.
//
// It trusts neither side. What it sends of a piece is fenced as data, numbered,
// and stripped of what could close the fence or pass for a chat template's marks.
// What comes back counts only as one JSON object with the pack's labels and with
// evidence that the piece really holds; each question is put twice, with the
// stances in reverse order, and only what is said both times is an opinion. So a
// text that gives orders can at worst be labelled wrongly.
//
// It promises to spend no more requests in a run than it may, to stop asking when
// the endpoint keeps failing, and that the key appears in no error. The endpoint's
// address is the operator's own, so it is not held to the guard for feeds.
package llm
