// A quiz: a group of choices for each question, and under it the verdict with its reason, or that it is told at hand-in.
// Put after course/explorers/shared.js. Where there is a notebook round it, each letter goes into the quiz's answer cell.

/** Text with its `code` as such, as nodes. */
const inline = (text) => text.split("`").map((part, place) => (place % 2 ? element("code", {}, part) : part));

/** The letter that stands for a question in an answer cell, 2: "b", with what is around it. */
const letterOf = (number) => new RegExp(`(\\b${number}\\s*:\\s*)(["'])([^"'\\n]*)\\2`);

/** The answer cell of a quiz in the notebook that the widget stands in: its shared text, or undefined where the front end gives none. */
function answerCell(model, name) {
  const cells = model.widget_manager?.context?.model?.cells;
  for (let place = 0; place < (cells?.length ?? 0); place += 1) {
    const cell = cells.get(place);
    if (cell.getMetadata?.("nbgrader")?.grade_id === `answer-${name}`) return cell.sharedModel;
  }
  return undefined;
}

export default { render({ model, el }) {
  const [name, questions, key] = ["name", "questions", "key"].map((trait) => model.get(trait));
  const [root, unwatch] = frame(`Quiz ${name}`), cell = answerCell(model, name), group = `quiz-${name}-${Math.random()}`;
  const typed = () => Object.fromEntries(questions.map((_, place) => [place + 1,
    cell.getSource().match(letterOf(place + 1))?.[3].trim().toLowerCase()]).filter(([, letter]) => letter));
  const set = (answers) => { model.set("answers", answers); model.save_changes(); };

  /** Writes a letter where it belongs in the answer cell. Nothing else in the cell is touched. */
  const write = (number, letter) => {
    const text = cell?.getSource(), place = letterOf(number);
    if (text && place.test(text)) cell.setSource(text.replace(place, `$1$2${letter}$2`));
  };
  const isWritten = (answers) => cell && JSON.stringify(typed()) === JSON.stringify(answers);

  const parts = questions.map(({ ask, choices }, place) => {
    const number = place + 1, verdict = element("p", { class: "quiz-verdict", role: "status" });
    const radios = Object.entries(choices).map(([letter, text]) => {
      const radio = element("input", { type: "radio", name: `${group}-${number}`, value: letter,
        change: () => { write(number, letter); set({ ...model.get("answers"), [number]: letter }); } });
      return [radio, element("label", {}, radio, element("b", {}, letter), element("span", {}, ...inline(text)))];
    });
    const node = element("fieldset", {}, element("legend", {}, `${number}. `, ...inline(ask)),
      ...radios.map(([, label]) => label), verdict);
    return { node, show(letter) {
      for (const [radio] of radios) radio.checked = radio.value === letter;
      const { right, because } = key[place] ?? {}, isRight = letter === right;
      verdict.className = `quiz-verdict ${!letter || !right ? "" : isRight ? "right" : "wrong"}`;
      const words = !letter ? [""] : !right ? ["Answered. Right or wrong is told when you hand in."] : isRight ? ["\u2713 Right."]
        : ["\u2717 Another answer fits better", ": ", ...inline(because[letter]), "."];
      if (verdict.textContent !== words.join("").replaceAll("`", "")) verdict.replaceChildren(...words);
    } };
  });
  const sum = element("p", { class: "quiz-sum", role: "status" }), line = element("code"),
    hint = element("p", {}, "Write this into the answer cell: ", line);
  const show = () => {
    const answers = model.get("answers");
    const letters = questions.map(({ choices }, place) => (answers[place + 1] in choices ? answers[place + 1] : ""));
    parts.forEach((part, place) => part.show(letters[place]));
    const right = letters.filter((letter, place) => letter && letter === key[place]?.right).length;
    sum.textContent = `${letters.filter(Boolean).length} of ${questions.length} questions answered${key.length ? `, ${right} right` : ""}.`;
    line.textContent = `${name} = {${letters.map((letter, place) => `${place + 1}: "${letter}"`).join(", ")}}`;
    // A page that is no notebook has no cell to write into.
    hint.hidden = !model.widget_manager || !letters.some(Boolean) || isWritten(answers);
  };
  let source = "";
  /** Takes over what is typed. A cell tells of every change, of being run as well, and that takes no click back. */
  const read = () => {
    if (source === (source = cell.getSource())) return;
    if (!isWritten(model.get("answers"))) set(typed());
  };
  root.append(element("div", { class: "explorer-inside quiz" }, ...parts.map(({ node }) => node), sum, hint));
  el.append(root);
  model.on("change:answers", show);
  if (cell) {  // what is written there counts, whoever wrote it
    read();
    cell.changed.connect(read);
  }
  show();
  return () => { unwatch(); model.off("change:answers", show); cell?.changed.disconnect(read); };
} };
