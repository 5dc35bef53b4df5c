package pipeline

// MostMail is what one reading of a maildir takes in.
const MostMail = mostMail
