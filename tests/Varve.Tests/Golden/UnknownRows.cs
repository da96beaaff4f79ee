namespace Varve.Tests.Golden;

/// <summary>
/// For each row of the table "What a reader does with what it does not know" in docs/format.md, by its first column, what shows that it is
/// so: cases of docs/vectors.json, as <c>taken</c> or <c>refused</c>, what they are of and what is odd about them; and tests, as
/// Class.Method.
/// </summary>
internal static class UnknownRows
{
    internal static readonly IReadOnlyDictionary<string, string[]> Shown = new Dictionary<string, string[]>
    {
        ["a header `varve` of a version above 1"] =
        [
            "refused header: a version above 1", "BadInputTests.A_repository_of_a_newer_version_is_refused_and_left_alone",
        ],
        ["a key slot of a `slot` version above 1, of an unknown `level`, `method` or `kdf` name"] =
        [
            "refused slot: a version above 1", "refused slot: an unknown level", "refused slot: an unknown method",
            "refused slot: an unknown kdf", "UnknownTests.A_slot_of_a_later_version_is_left_out_and_said_and_is_no_damage",
        ],
        ["a key file whose one line begins with `varve-key-`, another number and a space"] =
            ["refused keyFile: a later version", "KeyFileTests.A_newer_key_file_is_unsupported"],
        ["a paper key whose line `varve-paper-` has another number"] = ["PaperKeyTests.What_is_no_paper_key_is_refused"],
        ["a session of a `session` version above 1"] =
        [
            "taken session: one of a later version", "ForeignObjectTests.A_session_of_this_or_a_later_version_is_no_damage",
            "SharedTests.The_library_says_of_every_object_what_the_manifest_says",
        ],
        ["a session of an unknown `kind`"] = ["taken session: an unknown member, and a kind that nobody knows"],
        ["a certificate of an unknown level"] = ["IdentityTests.What_a_later_writer_adds_to_a_signature_or_a_certificate_is_skipped"],
        ["a pack whose byte 8 is not 1, whose kind is neither 1 nor 2, or whose bytes 10 to 15 are not zero"] =
        [
            "refused packHeader: an unknown format", "refused packHeader: an unknown kind", "refused packHeader: a byte that is to be zero",
            "refused indexRun: a pack of an unknown kind",
        ],
        ["a block of a codec above 1"] = ["refused footer: a codec above 1", "refused indexRun: a codec above 1"],
        ["a meta chunk of an unknown first byte, or whose second byte is not 1"] =
        [
            "refused tree: a first byte that nobody knows", "refused tree: a version above 1", "refused extentList: a version above 1",
            "refused failureList: a version above 1", "refused pendingList: a version above 1", "refused markList: a version above 1",
            "UnknownTests.A_meta_chunk_of_an_unknown_kind_costs_what_lies_below_it_and_nothing_else",
        ],
        ["an entry of an unknown kind"] = ["refused tree: an unknown kind"],
        ["an extent of an unknown kind"] = ["refused tree: an extent of an unknown kind", "refused extentList: an extent of an unknown kind"],
        ["a failure of an unknown operation"] = ["refused failureList: an unknown operation"],
        ["an entry of a fence that is neither fence nor decision"] =
        [
            "refused fence: neither fence nor decision", "FenceTests.A_fence_that_is_damaged_is_an_error_for_a_writer_and_a_warning_for_a_reader",
        ],
        ["a note of an unknown kind"] =
        [
            "taken notePublic: of a kind that nobody knows", "NoteTests.A_note_of_an_unknown_kind_says_nothing_whatever_it_names",
            "UnknownTests.A_note_of_an_unknown_kind_is_no_damage_and_is_not_spoken_of",
        ],
        ["a mark of an unknown reason, a count of one"] =
        [
            "taken markList: a reason and an origin that nobody knows", "taken snapshotPublic: a count of a reason that nobody knows",
            "MarkListTests.A_reason_of_a_later_writer_is_told_as_another_one",
            "SnapshotCodecTests.Marks_of_a_later_writer_are_skipped_or_counted_with_the_others",
            "SharedTests.The_library_says_of_every_object_what_the_manifest_says",
        ],
        ["a rule of an unknown origin"] =
        [
            "taken markList: a reason and an origin that nobody knows",
            "SharedTests.The_library_says_of_every_object_what_the_manifest_says",
        ],
        ["parts of a record, or of an index run, after the signature"] =
        [
            "taken indexRun: parts of a later writer", "UnknownTests.Records_of_every_kind_have_further_parts_skipped_and_keep_their_signatures",
            "SignedRunTests.A_run_without_parts_is_read_further_parts_are_passed_over_and_a_signature_of_something_else_is_none",
        ],
        ["unknown bits of an entry's flags (up to 2^31-1), of a snapshot's flags, of attributes (both up to 2^32-1)"] =
        [
            "taken tree: unknown flags", "taken tree: unknown attributes",
            "taken snapshotPublic: unknown flags, an unknown tag that repeats, an end before the start", "refused tree: flags of 2^31",
            "refused snapshotPublic: flags of 2^32", "refused tree: attributes of 2^32",
            "UnknownTests.A_writer_that_takes_an_entry_over_keeps_the_tags_and_flags_of_it_that_it_does_not_know",
        ],
        ["unknown tags of `fields`, of whatever they are"] =
        [
            "taken tree: unknown tags that repeat", "taken snapshotPublic: unknown flags, an unknown tag that repeats, an end before the start",
            "taken snapshotPrivate: an unknown tag that repeats", "taken notePublic: an adoption of two lineages, and an unknown tag repeats",
            "taken notePrivate: an unknown tag that repeats", "taken bundle: an unknown tag that repeats",
            "taken indexRun: an unknown tag that repeats", "taken condemned: nothing is condemned, and an unknown tag repeats",
            "taken fence: a fence, a decision without snapshots, one with, two replaced, and an unknown tag",
            "taken final: and an unknown tag repeats",
            "IdentityTests.What_a_later_writer_adds_to_a_signature_or_a_certificate_is_skipped",
            "UnknownTests.A_writer_that_takes_an_entry_over_keeps_the_tags_and_flags_of_it_that_it_does_not_know",
        ],
        ["unknown JSON members"] =
        [
            "taken header: an unknown member that is a fraction", "taken slot: unknown members",
            "taken session: an unknown member, and a kind that nobody knows", "HeaderJsonTests.Unknown_members_are_ignored",
        ],
        ["objects below other prefixes than those of section 2"] =
            ["UnknownTests.Objects_below_a_prefix_that_nobody_knows_are_ignored_and_stay"],
        ["an object below one of them whose name is not as section 2 says"] =
            ["ForeignObjectTests.What_lies_among_objects_under_a_name_of_another_sort_is_damage"],
        ["a file anywhere whose path has a component with other characters than `a-z 0-9 _ - .`, or one that begins with a dot"] =
            ["ForeignObjectTests.What_no_object_can_be_called_is_no_object", "LocalStoreTests.Unfinished_and_foreign_files_are_no_objects"],
    };
}
