namespace Varve.Tests.Architecture;

/// <summary>Each rule about rooms fails on a planted violation and lets the innocent pass.</summary>
public sealed class RoomRuleTests
{
    private static readonly SourceFile[] s_rooms =
    [
        Library("Backup/Run/RunRules.cs", "namespace Varve.Backup.Run; class RunRules { }"),
        Library("Backup/Read/FileReader.cs", "using Varve.Backup.Run; namespace Varve.Backup.Read; class FileReader { RunRules? _rules; }"),
        Library("Backup/BackupRunner.cs", "using Varve.Backup.Read; namespace Varve.Backup; class BackupRunner { FileReader? _reader; }"),
    ];

    [Theory]
    [InlineData("Backup/Run/X.cs", "using Varve.Backup.Read; namespace Varve.Backup.Run; class X { FileReader? _reader; }")]
    [InlineData("Backup/Run/X.cs", "namespace Varve.Backup.Run; class X { Read.FileReader? _reader; }")]
    [InlineData("Backup/Run/X.cs", "namespace Varve.Backup.Run; class X { BackupRunner? _runner; }")]
    [InlineData("Backup/Run/X.cs", "namespace Varve.Backup.Run; class X { Varve.Backup.BackupRunner? _runner; }")]
    [InlineData("Backup/Run/X.cs", "namespace Varve.Backup.Run; class X { object F() => BackupRunner.Run(); }")]
    [InlineData("Backup/Odd/X.cs", "namespace Varve.Backup.Odd; class X { }")]
    public void A_room_that_uses_one_after_it_is_found(string path, string text) =>
        Assert.NotEmpty(RoomRule.Order([.. s_rooms, Library(path, text)]));

    [Theory]
    [InlineData("Backup/Read/X.cs",
        "using Varve.Backup.Run; namespace Varve.Backup.Read; class X { RunRules? _rules; FileReader? _reader; }")]
    [InlineData("Backup/Run/X.cs",
        "namespace Varve.Backup.Run; class X { /* FileReader */ int F(Y y) => y.FileReader + y.BackupRunner.Count; }")]
    [InlineData("Backup/X.cs", "using Varve.Backup.Run; namespace Varve.Backup; class X { RunRules? _rules; }")]
    public void A_room_that_uses_those_before_it_passes(string path, string text) =>
        Assert.Empty(RoomRule.Order([.. s_rooms, Library(path, text)]));

    [Fact]
    public void Rooms_that_use_each_other_are_found()
    {
        SourceFile target = Library("Restore/Target/T.cs", "using Varve.Restore.Plan; namespace Varve.Restore.Target; class T { P? _p; }");
        SourceFile plan = Library("Restore/Plan/P.cs", "using Varve.Restore.Write; namespace Varve.Restore.Plan; class P { W? _w; }");
        Assert.Empty(RoomRule.Cycles([target, plan, Library("Restore/Write/W.cs", "namespace Varve.Restore.Write; class W { }")]));
        Assert.NotEmpty(
            RoomRule.Cycles(
            [target, plan,
            Library("Restore/Write/W.cs", "using Varve.Restore.Target; namespace Varve.Restore.Write; class W { T? _t; }")]));
    }

    [Fact]
    public void A_room_of_31_files_or_1501_lines_is_found()
    {
        SourceFile[] files = [.. Enumerable.Range(0, 30).Select(i => Library($"Odd/X{i}.cs", new string('\n', 50)))];
        Assert.Empty(RoomRule.Sizes(files));
        Assert.NotEmpty(RoomRule.Sizes([.. files, Library("Odd/X30.cs", "")]));
        Assert.NotEmpty(RoomRule.Sizes([.. files[1..], Library("Odd/X0.cs", new string('\n', 51))]));
        Assert.Empty(RoomRule.Sizes([.. files, Library("Odd/Inner/X30.cs", "\n")]));
    }

    [Fact]
    public void A_type_of_401_lines_over_all_its_parts_is_found()
    {
        string lines = new('\n', 200);
        SourceFile one = Library("Odd/X.cs", "namespace Varve.Odd; partial class X { }" + lines);
        Assert.Empty(RoomRule.TypeLengths([one, Library("Odd/X.Part.cs", "namespace Varve.Odd; partial class X { }" + lines)]));
        Assert.NotEmpty(RoomRule.TypeLengths([one, Library("Odd/X.Part.cs", "namespace Varve.Odd; partial class X { }\n" + lines)]));
    }

    [Theory]
    [InlineData("Backup", "Restore")]
    [InlineData("Maintain", "Backup")]
    [InlineData("Vault", "Backup")]
    [InlineData("Vault", "History")]
    [InlineData("History", "Backup")]
    public void A_flow_that_is_imported_by_another_or_from_below_is_found(string folder, string used) =>
        Assert.NotEmpty(ImportRule.Check([Library($"{folder}/X.cs", $"using Varve.{used}; namespace Varve.{folder}; class X {{ }}")]));

    private static SourceFile Library(string path, string text) => SourceFile.From(Layout.Library + path, text);
}
