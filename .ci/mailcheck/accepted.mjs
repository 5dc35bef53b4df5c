// What the judges of the HTML part are told to let pass, each with its reason.
// Whatever is not named here fails.

// The mail programs that the letter is made for, as caniemail names them.
// outlook.windows is the classic one, outlook.outlook-com the new one and the web.
// Thunderbird is one engine; the data is kept under its macOS name.
export const clients = [
  'gmail.desktop-webmail', 'gmail.mobile-webmail', 'gmail.ios', 'gmail.android',
  'outlook.windows', 'outlook.outlook-com', 'outlook.macos', 'outlook.ios', 'outlook.android',
  'apple-mail.macos', 'apple-mail.ios',
  'yahoo.desktop-webmail', 'yahoo.ios', 'yahoo.android',
  'thunderbird.macos',
];

// Features that these clients may lack ("not supported"), because the letter is
// whole without them. Support in part is let pass and counted.
const dark = ['gmail.desktop-webmail', 'gmail.mobile-webmail', 'gmail.ios', 'gmail.android', 'outlook.windows', 'outlook.outlook-com', 'outlook.macos', 'outlook.ios', 'outlook.android', 'yahoo.desktop-webmail', 'yahoo.ios', 'yahoo.android'];
export const features = {
  'color-scheme CSS property': { lack: dark, why: 'a hint that dark colours are there; the light ones are inline' },
  'color-scheme meta tag': { lack: [...dark, 'apple-mail.ios'], why: 'as above; Apple Mail on iOS goes by the media query' },
  '@media': { lack: ['gmail.mobile-webmail', 'outlook.windows', 'thunderbird.macos'], why: 'dark colours and a phone’s narrower margins; without it the letter is light and fluid' },
  '<style> element': { lack: ['gmail.mobile-webmail'], why: 'holds nothing but what @media needs' },
  'display:none': { lack: ['gmail.mobile-webmail'], why: 'the preheader: there it is read as a first line, which does no harm' },
  '<body> element': { lack: ['outlook.macos', 'yahoo.ios', 'yahoo.android'], why: 'a div and a table inside repeat language, direction and colours' },
  'white-space': { lack: ['outlook.windows'], why: 'keeps a number with its sign; without it the line may break there' },
  'word-break': { lack: ['yahoo.desktop-webmail', 'yahoo.ios', 'yahoo.android'], why: 'for a hostile word of hundreds of letters' },
};

// Rules of html-validate's recommended set that a mail has to break. A rule
// without a pattern is let pass whole, one with a pattern where the message fits;
// page: on the web page, too.
export const rules = {
  'no-inline-style': { why: 'mail programs drop style elements' },
  'no-conditional-comment': { why: 'how Outlook’s Word engine is given its table' },
  'presentation-role-style': { why: 'role="presentation" is the older name, known to every screen reader' },
  'prefer-tbody': { page: true, why: 'a matter of taste: the element is optional in HTML' },
  'no-deprecated-attr': { only: /^Attribute "(width|align|valign|bgcolor|border|cellpadding|cellspacing)" is deprecated on <(table|tr|td|th)> element$/, why: 'Outlook’s Word engine goes by the attributes, not by the style' },
};

// What a style attribute may say on the web page, where a style element works:
// nothing, since the web side's policy refuses them.
export const pageStyles = [];
