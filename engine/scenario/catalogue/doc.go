// Package catalogue turns events into sentences: one message for each kind of event and each check,
// in one file per language, and nothing of any protocol in the code.
//
// A message is text with places in braces, the form of ICU MessageFormat cut down to what is needed:
//
//	{zxid}                                   an argument, by the name that the vocabulary gives it
//	{ackers, list}                           "1,2,3" as "1, 2 and 3"
//	{session, hex}                           a number in hexadecimal
//	{txns, plural, =0 {..} one {..} other {..}}   # inside stands for the number
//	{mode, select, DIFF {..} other {..}}     by the argument's text; "none" if it is empty
//
// Beside the arguments of its kind an event offers {node} and {peer}, the machines; {why}, the clause
// of the check that decided; {noun}, what is sent; {cause}, the noun of the event that led to it.
// Nothing is glued: a sentence that needs a reason says where the reason goes.
//
// Reading order: en.json (the messages), message.go (parsing and rendering one), catalogue.go (which
// message an event takes, and what stands in its places).
package catalogue
