namespace Varve.Tests.Architecture;

/// <summary>Each rule fails on a planted violation and lets the innocent pass.</summary>
public sealed class RuleTests
{
    private static readonly SourceFile _packWriter = Library("Pack/PackWriter.cs",
        "namespace Varve.Pack; public sealed class PackWriter { }");
    private static readonly SourceFile _command = SourceFile.From(Layout.App + "Commands/Y.cs",
        "namespace Varve.App.Commands; class Y { }");

    [Theory]
    [InlineData("Lookup/X.cs", "using Varve.Pack; namespace Varve.Lookup; class X { }")]
    [InlineData("Lookup/X.cs", "using static Varve.Pack.PackWriter; namespace Varve.Lookup; class X { }")]
    [InlineData("Lookup/X.cs", "using W = Varve.Pack.PackWriter; namespace Varve.Lookup; class X { }")]
    [InlineData("Lookup/X.cs", "namespace Varve.Lookup; using Varve.Pack; class X { }")]
    [InlineData("Lookup/X.cs", "namespace Varve.Lookup; class X { global::Varve.Pack.PackWriter? _w; }")]
    [InlineData("Lookup/X.cs", "namespace Varve.Lookup; class X { Pack.PackWriter? _w; }")]
    [InlineData("Lookup/X.cs", "namespace Varve.Lookup; class X { List<Pack.PackWriter> _w; }")]
    [InlineData("Lookup/X.cs", "namespace Varve.Lookup; class X { object O() => new Pack . PackWriter(); }")]
    [InlineData("Lookup/X.cs", "namespace Varve.Lookup; class X { string S => $\"{Pack.PackWriter.Name}\"; }")]
    [InlineData("Lookup/X.cs", "global using Varve.Model; namespace Varve.Lookup; class X { }")]
    [InlineData("Lookup/X.cs", "using Varve.Backup; namespace Varve.Lookup; class X { }")]
    [InlineData("Model/X.cs", "using Varve.Platform; namespace Varve.Model; class X { }")]
    [InlineData("Platform/X.cs", "using Varve.Store; namespace Varve.Platform; class X { }")]
    [InlineData("Platform/X.cs", "using Varve.Format; namespace Varve.Platform; class X { }")]
    [InlineData("Platform/Files/X.cs", "using Varve.Store; namespace Varve.Platform.Files; class X { }")]
    [InlineData("Format/X.cs", "using Varve.Platform; namespace Varve.Format; class X { }")]
    [InlineData("Odd/X.cs", "namespace Varve.Odd; class X { }")]
    [InlineData("X.cs", "namespace Varve; class X { }")]
    public void A_forbidden_import_is_found(string path, string text) =>
        Assert.NotEmpty(ImportRule.Check([_packWriter, Library(path, text)]));

    [Theory]
    [InlineData("Lookup/X.cs", "using Varve.Model; using Varve.Platform; namespace Varve.Lookup; class X { }")]
    [InlineData("Lookup/X.cs", "namespace Varve.Lookup; class X { Varve.Lookup.Y? _y; }")]
    [InlineData("Lookup/X.cs", "namespace Varve.Lookup; // as Varve.Pack.PackWriter writes it\nclass X { }")]
    [InlineData("Lookup/X.cs", "namespace Varve.Lookup; class X { string S = \"Varve.Pack\"; }")]
    [InlineData("Lookup/X.cs", "namespace Varve.Lookup; class X { PackKind Pack; bool B => Pack.IsNone; }")]
    [InlineData("Lookup/X.cs", "namespace Varve.Lookup; class X { object F(Y y) => y.Pack.PackWriter; }")]
    [InlineData("Backup/X.cs", "using Varve.Pack; using Varve.Lookup; namespace Varve.Backup; class X { Pack.PackWriter? _w; }")]
    [InlineData("Platform/X.cs", "using Varve.Model; namespace Varve.Platform; class X { }")]
    [InlineData("Format/X.cs", "using Varve.Model; namespace Varve.Format; class X { }")]
    [InlineData("Lookup/X.cs", "using Varve.Format; using Varve.Platform.Files; namespace Varve.Lookup; class X { }")]
    public void An_allowed_import_passes(string path, string text) =>
        Assert.Empty(ImportRule.Check([_packWriter, Library(path, text)]));

    [Theory]
    [InlineData("Settings/Values/X.cs", "using Varve.App.Output; namespace Varve.App.Settings.Values; class X { }")]
    [InlineData("Settings/Table/X.cs", "using Varve.App.Settings.Line; namespace Varve.App.Settings.Table; class X { }")]
    [InlineData("Output/X.cs", "namespace Varve.App.Output; class X { Commands.Y? _y; }")]
    [InlineData("Odd/X.cs", "namespace Varve.App.Odd; class X { }")]
    public void A_room_of_the_app_that_uses_a_later_one_is_found(string path, string text) =>
        Assert.NotEmpty(AppRule.Check([_command, SourceFile.From(Layout.App + path, text)]));

    [Theory]
    [InlineData("Settings/Line/X.cs", "using Varve.App.Settings.Table; namespace Varve.App.Settings.Line; class X { }")]
    [InlineData("Settings/Table/X.cs", "namespace Varve.App.Settings.Table; class X { bool B => this is { Commands.Count: 0 }; }")]
    [InlineData("Commands/X.cs", "using Varve.App.Output.Json; namespace Varve.App.Commands; class X { bool B => y.Commands.Z; }")]
    public void A_room_of_the_app_that_uses_an_earlier_one_passes(string path, string text) =>
        Assert.Empty(AppRule.Check([_command, SourceFile.From(Layout.App + path, text)]));

    [Theory]
    [InlineData("class X(Repository repository) { }")]
    [InlineData("class X { Repository? _repository; }")]
    [InlineData("class X { Repository Of(int a) => null!; }")]
    public void Who_takes_the_whole_repository_is_found(string text) =>
        Assert.NotEmpty(PartsRule.WholeRepository([Library("History/X.cs", text)]));

    [Theory]
    [InlineData("class X(RepositoryId repository, CatalogPlace place) { string S => place.Repository + \"Repository x\"; }")]
    [InlineData("class X { /* a Repository is */ public string Repository { get; } = \"\"; }")]
    public void Who_takes_parts_of_it_passes(string text) => Assert.Empty(PartsRule.WholeRepository([Library("History/X.cs", text)]));

    [Fact]
    public void Who_has_the_secrets_is_found()
    {
        const string Text = "class X(SecretBundle secrets) { }";
        Assert.NotEmpty(PartsRule.Secrets([Library("Vault/Chunks/X.cs", Text)]));
        Assert.Empty(PartsRule.Secrets([Library("Keys/X.cs", Text)]));
    }

    [Theory]
    [InlineData("namespace Varve.Store; class X { void Put(PackKind kind) { } }")]
    [InlineData("namespace Varve.Store; class X { int F(ChunkId id) => 0; }")]
    [InlineData("namespace Varve.Store; class X { string P => \"packs/\"; }")]
    public void A_store_that_knows_packs_is_found(string text) => Assert.NotEmpty(StoreRule.Check([Library("Store/X.cs", text)]));

    [Theory]
    [InlineData("namespace Varve.Store; class X { /* a pack, or a Snapshot */ void Put(string name) { } }")]
    [InlineData("namespace Varve.Store; class X { string P => \"tmp/\"; }")]
    public void A_store_of_objects_passes(string text) => Assert.Empty(StoreRule.Check([Library("Store/X.cs", text)]));

    [Theory]
    [InlineData("class X { unsafe void F() { } }")]
    [InlineData("class X { [DllImport(\"c\")] static extern int f(); }")]
    [InlineData("class X { [LibraryImport(\"c\")] static partial int f(); }")]
    public void Native_code_outside_Platform_is_found(string text)
    {
        Assert.NotEmpty(UnsafeRule.Check([Library("Pack/X.cs", text)]));
        Assert.NotEmpty(UnsafeRule.Check([SourceFile.From("src/Varve.App/X.cs", text)]));
        Assert.Empty(UnsafeRule.Check([Library("Platform/X.cs", text), Library("Chunk/X.Vectorized.cs", text)]));
    }

    [Fact]
    public void Safe_code_that_speaks_of_unsafe_code_passes() =>
        Assert.Empty(
        UnsafeRule.Check(
        [Library("Pack/X.cs", "class X { /* unsafe */ string S = \"unsafe\"; void F() => Unsafe.SkipInit(out int _); }")]));

    [Theory]
    [InlineData("class A { } class B { }")]
    [InlineData("public sealed class A { class N { } }\npublic readonly record struct B(int X);")]
    [InlineData("record A(int X); enum B { }")]
    [InlineData("interface A { } delegate void B(int x);")]
    [InlineData("delegate List<T> A<T>(T x); delegate int B();")]
    public void A_second_top_level_type_is_found(string text) => Assert.NotEmpty(ShapeRule.OneType([Library("Pack/A.cs", text)]));

    [Theory]
    [InlineData("class A { class B { } struct C { } enum D { } delegate void E(); }")]
    [InlineData("class A<T> where T : class, new() { }")]
    [InlineData("class A<T> where T : struct { } // class B { }")]
    [InlineData("[Y(typeof(A))] readonly record struct A(int X) { string S => \"} class B {\"; char C = '}'; }")]
    public void Nested_types_and_constraints_are_no_second_type(string text) =>
        Assert.Equal(["A"], Library("Pack/A.cs", text).TopLevelTypes);

    [Theory]
    [InlineData("Pack/A.cs", "namespace Varve.Lookup; class A { }")]
    [InlineData("Pack/A.cs", "namespace Varve.Pack { class A { } }")]
    [InlineData("Pack/Deep/A.cs", "namespace Varve.Pack; class A { }")]
    [InlineData("Pack/A.cs", "class A { }")]
    public void A_namespace_that_is_not_the_folder_is_found(string path, string text) =>
        Assert.NotEmpty(ShapeRule.Namespace([Library(path, text)]));

    [Fact]
    public void A_namespace_that_is_the_folder_passes() =>
        Assert.Empty(ShapeRule.Namespace([Library("Pack/Deep/A.cs", "namespace Varve.Pack.Deep;\nclass A { }")]));

    [Fact]
    public void A_file_of_601_lines_is_found()
    {
        Assert.NotEmpty(ShapeRule.Length([Library("Pack/A.cs", new string('\n', 601))]));
        Assert.Empty(ShapeRule.Length([Library("Pack/A.cs", new string('\n', 600))]));
    }

    [Fact]
    public void A_line_of_141_columns_is_found()
    {
        Assert.NotEmpty(ShapeRule.Columns([Library("Pack/A.cs", new string('x', 141))]));
        Assert.Empty(ShapeRule.Columns([Library("Pack/A.cs", new string('x', 140))]));
    }

    [Theory]
    [InlineData("if (a)\n{\n    B();\n}")]
    [InlineData("foreach (var a in b(c))\n{\n    B();\n}")]
    [InlineData("else\n{\n    B();\n}")]
    [InlineData("lock (a) { B(); C(); }")]
    [InlineData("else { B(); return; }")]
    public void A_block_of_another_habit_is_found(string text) => Assert.NotEmpty(ShapeRule.Braces([Library("Pack/A.cs", text)]));

    [Theory]
    [InlineData("if (a) { B(); }")]
    [InlineData("if (a)\n{\n    B();\n    C();\n}")]
    [InlineData("if (a)\n{\n    B(); // why\n}")]
    [InlineData("if (a)\n{\n    if (b) { C(); }\n}")]
    [InlineData("for (int i = 0; i < n; i++) { B(); }")]
    public void A_block_of_the_habit_passes(string text) => Assert.Empty(ShapeRule.Braces([Library("Pack/A.cs", text)]));

    [Fact]
    public void The_console_is_found_in_the_library_only()
    {
        const string Text = "class A { void F() => Console.WriteLine(); }";
        Assert.NotEmpty(WordRule.Console([Library("Pack/A.cs", Text)]));
        Assert.Empty(WordRule.Console([SourceFile.From("src/Varve.App/A.cs", Text)]));
    }

    [Theory]
    [InlineData("DateTime.Now")]
    [InlineData("System.DateTime.UtcNow")]
    [InlineData("DateTimeOffset . UtcNow")]
    [InlineData("DateTime.Today")]
    public void A_reading_of_the_wall_clock_is_found(string expression) =>
        Assert.NotEmpty(WordRule.Clock([Library("Pack/A.cs", $"class A {{ object F() => {expression}; }}")]));

    [Fact]
    public void A_time_provider_passes() =>
        Assert.Empty(
        WordRule.Clock([Library("Pack/A.cs", "class A { object F(TimeProvider t) => t.GetUtcNow(); /* not DateTime.Now */ }")]));

    [Theory]
    [InlineData("// TODO: later")]
    [InlineData("/* FIXME */")]
    [InlineData("throw new NotImplementedException();")]
    public void Unfinished_work_is_found(string text) => Assert.NotEmpty(WordRule.Unfinished([Library("Pack/A.cs", text)]));

    [Theory]
    [InlineData("try { } catch { }")]
    [InlineData("try { } catch (Exception) { }")]
    [InlineData("try { } catch (System.Exception e) { Log(e); }")]
    [InlineData("// a reason\ntry { }\ncatch (Exception e) { throw new Other(e); }")]
    [InlineData("#pragma warning disable CA1031\ncatch (Exception) { }")]
    public void A_catch_of_everything_is_found(string text) => Assert.NotEmpty(CatchRule.Check([Library("Pack/A.cs", text)]));

    [Theory]
    [InlineData("try { } catch (IOException) { }")]
    [InlineData("try { } catch (Exception e) when (e is IOException) { }")]
    [InlineData("try { } catch { if (x) { Clean(); } throw; }")]
    [InlineData("#pragma warning disable CA1031 // stage edge: the failure travels in the channel\ncatch (Exception e) { Fail(e); }")]
    public void A_catch_with_filter_rethrow_or_reason_passes(string text) => Assert.Empty(CatchRule.Check([Library("Pack/A.cs", text)]));

    [Theory]
    [InlineData("class A { bool F(Exception e) => e.Message.StartsWith(\"The catalog\"); }")]
    [InlineData("class A { bool F(Exception e) => e.Message == \"x\"; }")]
    [InlineData("class A { bool F(Failure f) => f.Message . Contains('x'); }")]
    [InlineData("class A { bool F(Exception e) => e.Message is \"x\"; }")]
    [InlineData("class A { string F(Exception e) => e.Message[3..]; }")]
    [InlineData("class A { bool F(Exception e) => Regex.IsMatch(e.Message, \"x\"); }")]
    public void A_decision_by_a_message_is_found(string text) => Assert.NotEmpty(MessageRule.Decisions([Library("Pack/A.cs", text)]));

    [Fact]
    public void A_message_that_is_passed_on_passes() =>
        Assert.Empty(
        MessageRule.Decisions(
        [Library("Pack/A.cs",
        "class A { object F(Exception e) => new Failure(e.Message, $\"{e.Message}; more\"); // e.Message == x\n }")]));

    [Theory]
    [InlineData("class A { string F() => \"Run 'varve check' now\"; }")]
    [InlineData("class A { string F(int i) => $\"give {i} with --budget\"; }")]
    [InlineData("class A { string F() => \"VARVE_REPO names it\"; }")]
    public void A_string_of_the_library_that_names_a_command_is_found(string text)
    {
        Assert.NotEmpty(MessageRule.CommandLine([Library("Pack/A.cs", text)]));
        Assert.Empty(MessageRule.CommandLine([SourceFile.From("src/Varve.App/A.cs", text)]));
    }

    [Fact]
    public void Arguments_of_programs_and_what_is_no_string_pass() => Assert.Empty(MessageRule.CommandLine(
    [
        Library("Freeze/A.cs", "class A { void F() => Run(\"lvremove\", \"--yes\"); }"),
        Library("Seal/A.cs", "class A { byte[] F(int n) => [.. \"varve/1 object\"u8, (byte)n--]; /* varve check --all */ }"),
    ]));

    [Fact]
    public void A_violation_names_file_and_line() =>
        Assert.Equal("src/Varve/Pack/A.cs:3: 'TODO'", WordRule.Unfinished([Library("Pack/A.cs", "\n\n// TODO\n")]).Single().ToString());

    [Theory]
    [InlineData("(\"Needs\", \"root\")", true)]
    [InlineData("(\"Takes\", \"minutes\")", true)]
    [InlineData("(\"Takes\", \"hours\")", false)]
    [InlineData("(Name, \"root\")", false)]
    public void A_trait_that_nobody_chooses_by_is_found(string trait, bool isKnown) =>
        Assert.Equal(isKnown, !TraitRule.Check([Library("Lookup/X.cs", "namespace Varve.Lookup; [Trait" + trait + "] class X { }")]).Any());

    private static SourceFile Library(string path, string text) => SourceFile.From(Layout.Library + path, text);
}
