// The first screen: the headline, what to do, what each run did, how runs compare.

const SECTION_NAMES = {
  classes: "Classes", likelihood: "Likelihood", differences: "Differences", squeezing: "Squeezing", metrics: "Metrics",
  influence: "Influence", provenance: "Provenance", overhead: "Overhead", events: "Events",
};

/** Sentences that the same section shows, followed by a link to it. */
function linked(anchor, texts) {
  const name = SECTION_NAMES[anchor] || anchor;
  return [minus(texts.join(" ")) + " ", h("a", { class: "see", href: "#" + anchor, "aria-label": "See " + name + ": " + texts.join(" ") }, name)];
}

function sentence(one) {
  return linked(one.anchor, [one.text]);
}

/** A paragraph for each stretch of sentences that the same section shows. */
function paragraphs(sentences) {
  const groups = [];
  for (const one of sentences) {
    const last = groups.at(-1);
    if (last && last.anchor === one.anchor) {
      last.texts.push(one.text);
    } else {
      groups.push({ anchor: one.anchor, texts: [one.text] });
    }
  }
  return groups.map(group => h("p", { dir: "auto" }, linked(group.anchor, group.texts)));
}

function sentenceList(id, title, sentences, ordered) {
  return sentences.length === 0 ? [] : [h("div", {},
    h("h3", { id: id + "-title" }, title),
    h(ordered ? "ol" : "ul", { id, class: "sentences", "aria-labelledby": id + "-title" },
      sentences.map(one => h("li", { dir: "auto" }, sentence(one)))))];
}

function storyItem(story) {
  return h("li", { class: story.tone },
    h("strong", { dir: "auto" }, story.run), " ", h("span", { class: "badge tone" }, story.badge),
    paragraphs(story.sentences));
}

function buildStory() {
  const { headline, actions, stories, comparisons, notes } = data.first;
  fill("headline", h("div", { class: "headline " + headline.tone },
    h("p", { dir: "auto" }, sentence(headline)), headline.detail ? h("p", { class: "detail", dir: "auto" }, minus(headline.detail)) : null));
  fill("what-to-do", ...(actions.length ? sentenceList("actions", "What to do", actions, true)
    : [h("p", { class: "empty" }, "Nothing to do: no recording asks for a change.")]));
  fill("stories", ...stories.map(storyItem));
  fill("comparison-list", ...sentenceList("comparisons", "Run against run", comparisons, false),
    ...sentenceList("notes", "Trust, differences, cost", notes, false));
}
