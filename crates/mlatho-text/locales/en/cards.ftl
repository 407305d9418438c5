cards-progress = Card { $card } of { $cards } · { $decided } decided, { $part } % of the records · about { $wrong } expected to be wrong so far
cards-stake = { $kind } of the source { $source } · { $records } records wait, quantity { $quantity }
cards-in-source = In the source: { $code }
cards-in-project = In the project: { $target }
cards-no-candidates = Nothing in the project's list comes near.
cards-rejected = rejected: { $reason }
cards-evidence = Evidence in bits: { $parts }
cards-factor-suggested = The names suggest the factor { $factor }
cards-factor-typed = Factor: { $factor }
cards-keys = 1–5 accept · r reject · n no counterpart · s skip · f factor · u undo · ↑ ↓ compare · ? help · q save and leave
cards-keys-at-end = u undo · q save and leave
cards-which = Which candidate is it not? 1–5:
cards-ask-factor = How many units of the project make one unit of the source (30, 0.5, 1/3)?
cards-ask-reason = Reason:
cards-ask-reason-or-last = Reason [Enter: { $reason }]:
cards-any-key = Any key goes back to the card.
cards-accepted = { $code } is { $target }
cards-was-rejected = { $code } is not { $target }
cards-none = { $code } has no counterpart
cards-unsaved = { $decision } · not saved yet: u takes it back, any other key saves it.
cards-refused = Not saved. { $reason }
cards-nothing-to-undo = Nothing is left to undo: what is saved stays in the file of decisions, and a later decision takes its place.
cards-no-factor = Only items have a factor.
cards-no-such-key = This key does nothing here; ? shows the keys.
cards-no-such-candidate = There is no candidate of this number.
cards-bad-factor = This is no factor. Type a number such as 30, 0.5 or 1/3.
cards-no-reason = A decision needs a reason.
cards-end = These were all cards. What was skipped is shown again next time.
cards-no-terminal = Cards need a terminal; this is the list.
cards-help =
    1–5: the code is this candidate. An item asks for its factor first; what the names suggest is never taken unseen.
    r: the code is not this candidate. It is remembered, and the card stays.
    n: the code has no counterpart in the project.
    s: skip the card; it is shown again next time.
    f: type the factor of an item, target units for one source unit.
    u: undo the last decision, as long as no other key was pressed.
    ↑ ↓: compare with another candidate.
    Each decision asks for a reason; Enter alone takes the last one, Esc leaves the question.
    q: save and leave. A decision is saved by the first key after it.
link-evidence-base-rate = how many records there are
link-evidence-prior = one record among many
link-evidence-name = name
link-evidence-name-lacking = words on one side only
link-evidence-name-type = type in the name
link-evidence-name-number = number in the name
link-evidence-name-agreement = agreement of the names
link-evidence-area = area
link-evidence-type = type
link-evidence-owner = owner
link-evidence-distance = distance
link-evidence-identifier = identifier
link-evidence-rivals-left = other candidates of this code
link-evidence-rivals-right = other codes near this record
link-evidence-twins = equally good candidates
link-evidence-code = code
link-evidence-substance = substance
link-evidence-group = group of substances
link-evidence-strength = strength
link-evidence-form = form
link-evidence-use = use
link-evidence-content = content
link-evidence-pack = pack
link-evidence-people = for whom
link-evidence-doses = doses
link-evidence-salt = salt
link-evidence-size = size
link-evidence-words = other words
