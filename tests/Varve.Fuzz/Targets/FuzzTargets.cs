namespace Varve.Fuzz.Targets;

/// <summary>All of them.</summary>
internal static class FuzzTargets
{
    internal static IReadOnlyList<IFuzzTarget> All() =>
    [
        new HeaderTarget(), new SlotTarget(), new BundleTarget(), new KeyFileTarget(), new PaperKeyTarget(), new SealedTarget(),
        new FooterTarget(), new RunTarget(), new RunFileTarget(), new SnapshotTarget(), new NoteTarget(), new TreeTarget(),
        new ExtentListTarget(),
        new ListTarget(), new FileListTarget(), new SavedListTarget(),
        new SignatureTarget(), new ConfigurationTarget(), new RuleTarget(), new CatalogTarget(),
        new ArchiveTarget(), new ZipTarget(), new TarTarget(),
    ];
}
