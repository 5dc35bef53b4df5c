// Package bounce reads what comes back from letters: delivery status
// notifications (RFC 3464) and the plain texts that older servers send in their
// stead, feedback reports (RFC 5965), and tells them from vacation notes,
// challenges, read receipts and mail that people write.
//
// What a report says is data, and much of it is invented: anybody can write to
// the address that bounces go to. So a Report says nothing of a reader by itself;
// it carries the marks that it quotes, and who called it decides by their
// signature which letter it is about (see digest/token, Return).
//
// It refuses nothing: what cannot be understood is ordinary mail, or a bounce
// that is unclear. It promises bounded work: a message is read up to MaxSize,
// and what lies beyond the limits of depth, parts and recipients is left out.
package bounce
