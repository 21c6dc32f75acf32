using System.Formats.Tar;
using Podsharp.Core.Errors;
using Podsharp.Core.Storage;
using Podsharp.Storage.Archives;
using Podsharp.Storage.Tests.Layers;

namespace Podsharp.Storage.Tests.Archives;

[Category("Root")]
public sealed class PathArchivesTests
{
    private readonly PathArchives _archives = new();
    private string _directory = "";
    private string _root = "";
    private string _canary = "";

    [SetUp]
    public void MakeRoot()
    {
        _directory = Directory.CreateTempSubdirectory("podsharp-paths-").FullName;
        _root = Path.Join(_directory, "root");
        _canary = Path.Join(_directory, "canary");
        Directory.CreateDirectory(Path.Join(_root, "d/in"));
        Directory.CreateDirectory(_canary);
        File.WriteAllText(Path.Join(_canary, "file"), "untouched");
        File.WriteAllText(Path.Join(_root, "d/file"), "content");
        File.CreateSymbolicLink(Path.Join(_root, "d/link"), "/d/file");
        File.CreateSymbolicLink(Path.Join(_root, "to-d"), "d");
        File.CreateSymbolicLink(Path.Join(_root, "out"), _canary);
        File.CreateSymbolicLink(Path.Join(_root, "dangling"), "no/where");
        File.CreateSymbolicLink(Path.Join(_root, "ring"), "ring");
    }

    [TearDown]
    public void Remove() => Directory.Delete(_directory, recursive: true);

    [TestCase("/d", "d", PathForm.Directory, "/d")]
    [TestCase("d/", "d", PathForm.Directory, "/d")]
    [TestCase("/d/.", ".", PathForm.Directory, "/d")]
    [TestCase("/x/../d/file", "file", PathForm.File, "/d/file")]
    [TestCase("/", "/", PathForm.Directory, "/")]
    [TestCase("/to-d", "to-d", PathForm.SymbolicLink, "/d")]
    [TestCase("/to-d/", "to-d", PathForm.Directory, "/d")]
    [TestCase("/to-d/link", "link", PathForm.SymbolicLink, "/d/file")]
    [TestCase("/dangling", "dangling", PathForm.SymbolicLink, "/no/where")]
    public void A_path_is_told_by_its_name_and_form_and_by_where_it_leads(string path, string name, PathForm form, string target)
    {
        var facts = _archives.Look(_root, path)!;

        Assert.That((facts.Name, facts.Form, facts.Target), Is.EqualTo((name, form, target)));
    }

    [TestCase("/nothing")]
    [TestCase("/dangling/")]
    [TestCase("/out/file")]
    [TestCase("/d/file/below")]
    public void Where_there_is_nothing_there_are_no_facts(string path) => Assert.That(_archives.Look(_root, path), Is.Null);

    [TestCase("/d/file/", "lstat /d/file/: not a directory")]
    [TestCase("/ring", "evalSymlinksInScope: too many links in /ring")]
    [TestCase("/ring/", "lstat /ring/: too many levels of symbolic links")]
    public void A_path_that_contradicts_itself_is_refused(string path, string message)
    {
        var failure = Assert.Throws<EngineException>(() => _archives.Look(_root, path));
        Assert.That((failure!.Kind, failure.Message), Is.EqualTo((ErrorKind.InvalidInput, message)));
    }

    [TestCase("/d", "d/", "d/file", "d/in/", "d/link")]
    [TestCase("/d/.", "./", "./file", "./in/", "./link")]
    [TestCase("/to-d/", "to-d/", "to-d/file", "to-d/in/", "to-d/link")]
    [TestCase("/to-d", "to-d")]
    [TestCase("/d/file", "file")]
    public async Task Entries_are_named_from_the_last_part_of_the_path(string path, params string[] names)
    {
        Assert.That((await CopyAsync(path)).Select(entry => entry.Name), Is.EqualTo(names));
    }

    [Test]
    public async Task The_roots_entries_begin_with_a_slash()
    {
        Assert.That((await CopyAsync("/")).Select(entry => entry.Name), Does.Contain("/").And.Contain("/d/file").And.Contain("/out"));
    }

    [Test]
    public async Task What_was_copied_out_can_be_copied_in()
    {
        using var tar = await TarAsync("/d");

        await ExtractAsync(tar.ToArray(), "/d/in");

        Assert.That(await File.ReadAllTextAsync(Path.Join(_root, "d/in/d/file")), Is.EqualTo("content"));
        Assert.That(new FileInfo(Path.Join(_root, "d/in/d/link")).LinkTarget, Is.EqualTo("/d/file"));
    }

    [Test]
    public async Task Files_are_replaced_and_directories_kept()
    {
        await ExtractAsync(ArchiveSamples.Layer(("d/file", "new"), ("d/in/more", "more")), "/");

        Assert.That(await File.ReadAllTextAsync(Path.Join(_root, "d/file")), Is.EqualTo("new"));
        Assert.That(File.Exists(Path.Join(_root, "d/link")) || new FileInfo(Path.Join(_root, "d/link")).LinkTarget is not null, Is.True);
    }

    [TestCase("in", "x", "cannot overwrite directory \"/d/in\" with non-directory \"/d\"")]
    [TestCase("file/below", "x", "is not a directory")]
    public async Task Forms_are_kept_where_that_is_asked_for(string name, string content, string message)
    {
        var failure = await Assert.ThrowsAsync<EngineException>(
            () => ExtractAsync(ArchiveSamples.Layer((name, content)), "/d", new ExtractionRules(KeepForm: true, Owner: null)));

        Assert.That(failure!.Kind, Is.EqualTo(ErrorKind.InvalidInput));
        Assert.That(failure.Message, Does.Contain(message));
    }

    [Test]
    public async Task An_owner_that_is_asked_for_wins_over_the_tars()
    {
        await ExtractAsync(ArchiveSamples.Layer(("owned", "x")), "/d", new ExtractionRules(KeepForm: false, (1234, 2345)));

        Assert.That((await CopyAsync("/d/owned")).Select(entry => (entry.Uid, entry.Gid)), Is.EqualTo(new[] { (1234, 2345) }));
    }

    [TestCaseSource(typeof(HostileLayers), nameof(HostileLayers.Refused))]
    [TestCaseSource(typeof(HostileLayers), nameof(HostileLayers.KeptInside))]
    public async Task A_hostile_archive_stays_inside(string name)
    {
        try
        {
            await ExtractAsync(HostileLayers.Make(name, _canary), "/d");
        }
        catch (EngineException e)
        {
            Assert.That(e.Kind, Is.EqualTo(ErrorKind.InvalidInput), e.Message);
        }

        Assert.That(Directory.GetFileSystemEntries(_canary), Is.EqualTo(new[] { Path.Join(_canary, "file") }));
        Assert.That(await File.ReadAllTextAsync(Path.Join(_canary, "file")), Is.EqualTo("untouched"));
    }

    [TestCase("gzip")]
    [TestCase("zstd")]
    public async Task A_compressed_archive_is_unpacked(string compression)
    {
        await ExtractAsync(HostileLayers.Compress(ArchiveSamples.Layer(("packed", "x")), compression), "/d");

        Assert.That(File.Exists(Path.Join(_root, "d/packed")), Is.True);
    }

    private Task ExtractAsync(byte[] tar, string path, ExtractionRules? rules = null) => _archives.ExtractAsync(
        _root, _archives.Look(_root, path)!, new MemoryStream(tar), rules ?? new ExtractionRules(KeepForm: false, Owner: null), CancellationToken.None);

    private async Task<MemoryStream> TarAsync(string path)
    {
        var tar = new MemoryStream();
        await using var archive = _archives.Open(_root, _archives.Look(_root, path)!, []);
        await archive.WriteToAsync(tar, CancellationToken.None);
        tar.Position = 0;
        return tar;
    }

    private async Task<List<TarEntry>> CopyAsync(string path)
    {
        using var tar = await TarAsync(path);
        await using var reader = new TarReader(tar);
        var entries = new List<TarEntry>();
        while (await reader.GetNextEntryAsync(copyData: true) is { } entry) entries.Add(entry);
        return entries;
    }
}
