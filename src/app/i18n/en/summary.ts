/** Words of the dialog in which what falls out of the model's sight is summarised. */
export const summary = {
  summary: {
    title: 'Summarise what falls out',
    about:
      'The model does not see this part any more when it writes on. Your summary takes its place there, between the beginning and the latest part; the text itself stays whole.',
    aboutChat:
      'The model does not see these turns any more when it answers. Your summary takes their place there, in brackets before the next turn; the conversation itself stays whole.',
    nothing: 'The model sees all of it. Once something falls out of its sight, it can be summarised here.',
    falls: 'What falls out',
    turn: '{{who}}: {{words}}',
    label: 'Your summary',
    count: '{{tokens}} of at most {{most}} tokens',
    tooLong: '{{tokens}} tokens: the model is given the first {{most}}.',
    draft: 'Let the model draft it',
    draftHint: 'Writes a draft in place of what stands there, for you to edit',
    failed: 'The model could not draft it. Write it yourself, or try again.',
    use: 'Use it',
    remove: 'Take it out',
    used: 'The summary takes the place of what falls out.',
    removed: 'The summary is taken out.',
    instruction: 'Summarise the following in a few sentences, so that it can be continued without it:',
    cue: 'In short:',
    choice: 'Summarise by hand',
    choiceHint: 'Writing stops there, so that you can write a summary that the model reads in place of what falls out.',
    open: 'Write the summary…',
    notYet: 'Nothing has fallen out yet.',
    stands: 'Your summary stands in their place.',
    standsOld: 'Your summary stands in their place, but not for {{tokens}} tokens that fell out since.',
    standsOldOfChat: 'Your summary stands in their place, but not for {{turns}} turns that fell out since.',
  },
}
