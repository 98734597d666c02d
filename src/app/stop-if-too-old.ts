// Imported before everything else: public/too-old.js has told the reader already, and nothing may be drawn over it.
if (document.documentElement.dataset.tooOld) throw new Error('This browser is too old for Bedside.');
