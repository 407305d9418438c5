help-review-take-reason = Why the links of a file are taken over; a sheet has its own reasons
help-review-take-kind = What the codes of a ConceptMap name, where it does not say so itself
help-review-take-source = The source whose codes they are, where the ConceptMap does not say so itself
help-review-export = Give the links that hold to other systems
help-review-export-form = FHIR ConceptMap (R5), or a table with the codes of both sides
help-review-export-out = File for the links [default: standard output]
review-known = { $count } offered links say what holds already.
review-exported = { $count } links, crosswalk version { $version }.
finding-take-reason = Links of another system are taken over for a reason. Add --reason TEXT.
finding-take-differs = The code “{ $code }” is decided otherwise for some of these days, in { $other }; the offered link is left out. If the file is right, decide it with “mlatho review accept”.
finding-take-rejected = A person decided that “{ $code }” is not “{ $target }” ({ $reason }); the offered link is left out. If the file is right, decide it with “mlatho review accept”.
finding-take-disagrees = The links offered for the code “{ $code }” cannot hold beside each other and beside what the project says: one link on each day, or one-to-many with shares that sum to 1. They are left out; correct the file.
finding-take-code = { $count ->
    [0] The code “{ $code }” is in no list of the project that could name its id; the link is left out. Write the id, or add the code to the list.
   *[other] The code “{ $code }” stands for { $count } records of the project's list; the link is left out. Write the id.
}
finding-link-factor = The link of the item “{ $code }” has no unit factor and is left out. Write how many units of the project make one of the source (1, if both count the same).
finding-concept-map-unreadable = The file is not a whole JSON document: { $reason }. Fetch it again.
finding-concept-map-absent = The file holds “{ $found }” where a FHIR ConceptMap is expected. Give the ConceptMap itself.
finding-concept-map-system = The codes of the system “{ $found }” are not known to the project; the group is left out. Say what they are with --kind and --source.
finding-concept-map-relationship = “{ $found }” does not say how the two codes go together; the mapping is left out. Decide it with “mlatho review accept”.
finding-concept-map-condition = The mapping of “{ $code }” holds only under conditions (dependsOn, product), which a link cannot carry; it is left out.
