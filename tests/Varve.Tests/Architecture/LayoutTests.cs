namespace Varve.Tests.Architecture;

/// <summary>The rules of the layout on the repository's own source.</summary>
public sealed class LayoutTests
{
    [Fact]
    public void The_source_is_found()
    {
        Assert.Contains(SourceTree.All, f => f.Folder == Layout.Model);
        Assert.Contains(SourceTree.All, f => f.Path.StartsWith("src/Varve.App/", StringComparison.Ordinal));
        Assert.Contains(SourceTree.All, f => f.Path.StartsWith("bench/", StringComparison.Ordinal));
    }

    [Fact]
    public void Stages_import_Model_Format_and_Platform_and_never_each_other() => None(ImportRule.Check(SourceTree.All));

    [Fact]
    public void Rooms_use_only_those_before_them() => None(RoomRule.Order(SourceTree.All));

    [Fact]
    public void No_room_is_used_by_what_it_uses() => Assert.Empty(RoomRule.Cycles(SourceTree.All));

    [Fact]
    public void Rooms_can_be_taken_in() => Assert.Empty(RoomRule.Sizes(SourceTree.All));

    [Fact]
    public void No_type_is_too_long_over_all_its_parts() => Assert.Empty(RoomRule.TypeLengths(SourceTree.All));

    [Fact]
    public void Rooms_of_the_app_use_only_those_before_them() => None(AppRule.Check(SourceTree.All));

    [Fact]
    public void Only_entries_and_wiring_take_the_whole_repository() => None(PartsRule.WholeRepository(SourceTree.All));

    [Fact]
    public void The_secrets_reach_only_what_seals_and_opens() => None(PartsRule.Secrets(SourceTree.All));

    [Fact]
    public void The_project_file_imports_no_namespace_for_all() =>
        Assert.DoesNotContain("<Using ", SourceTree.LibraryProject, StringComparison.Ordinal);

    [Fact]
    public void The_store_knows_nothing_of_packs() => None(StoreRule.Check(SourceTree.All));

    [Fact]
    public void Unsafe_code_and_native_calls_live_in_Platform() => None(UnsafeRule.Check(SourceTree.Product));

    [Fact]
    public void A_file_has_one_top_level_type() => None(ShapeRule.OneType(SourceTree.All));

    [Fact]
    public void Namespaces_are_file_scoped_and_equal_the_folder() => None(ShapeRule.Namespace(SourceTree.All));

    [Fact]
    public void No_file_is_too_long() => None(ShapeRule.Length(SourceTree.All));

    [Fact]
    public void No_line_is_too_long() => None(ShapeRule.Columns(SourceTree.All));

    [Fact]
    public void Blocks_keep_one_habit() => None(ShapeRule.Braces(SourceTree.All));

    [Fact]
    public void The_library_does_not_use_the_console() => None(WordRule.Console(SourceTree.All));

    [Fact]
    public void The_wall_clock_is_injected() => None(WordRule.Clock(SourceTree.Product));

    [Fact]
    public void The_library_is_told_of_its_surroundings() => None(WordRule.Ambient(SourceTree.All));

    [Fact]
    public void Nothing_is_left_unfinished() => None(WordRule.Unfinished(SourceTree.Product));

    [Fact]
    public void Everything_is_caught_at_edges_only() => None(CatchRule.Check(SourceTree.Product));

    [Fact]
    public void Nothing_decides_by_the_words_of_a_message() => None(MessageRule.Decisions(SourceTree.Product));

    [Fact]
    public void The_library_names_no_command_option_or_variable_of_the_program() => None(MessageRule.CommandLine(SourceTree.All));

    [Fact]
    public void Traits_are_those_that_the_test_program_chooses_by() => None(TraitRule.Check(SourceTree.All));

    [Fact]
    public void Nothing_is_made_of_128_bits() => None(WordRule.Wide(SourceTree.Product));

    [Fact]
    public void Exceptions_to_the_rules_name_files_that_exist()
    {
        var paths = SourceTree.All.Select(f => f.Path).ToHashSet();
        IEnumerable<string> listed =
        [
            .. Layout.UnsafeFiles.Keys, .. Layout.CatchEdges.Keys, .. Layout.WholeRepository.Keys,
            .. Layout.Secrets.Keys,
            .. Layout.Spellings.Select(static s => s.Path),
            .. Layout.Ambient.Keys,
        ];
        Assert.All(listed, p => Assert.Contains(p, paths));
    }

    private static void None(IEnumerable<Violation> violations)
    {
        List<Violation> found = violations.ToList();
        if (found.Count > 0) { Assert.Fail(string.Join('\n', found)); }
    }
}
