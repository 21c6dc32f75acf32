using System.Diagnostics;
using System.Text;
using Podsharp.Core.Errors;
using Podsharp.Core.Storage;
using Podsharp.Linux.Files;
using Podsharp.Storage.Labels;

namespace Podsharp.Storage.Tests.Labels;

/// <summary>On real files, with an attribute that a kernel without SELinux keeps, on links too.</summary>
[Category("Root")]
public sealed class FileLabelsTests
{
    private const string Attribute = "trusted.podsharp.label";
    private const string Label = "system_u:object_r:container_file_t:s0:c1,c2";
    private readonly FileLabels _labels = new(Attribute);
    private string _directory = "";

    [SetUp]
    public void MakeTree()
    {
        _directory = Directory.CreateTempSubdirectory("podsharp-labels").FullName;
        Directory.CreateDirectory(At("tree/deep"));
        foreach (var file in new[] { "outside", "tree/file", "tree/deep/file" }) File.WriteAllText(At(file), "");
    }

    [TearDown]
    public void RemoveTree() => Directory.Delete(_directory, recursive: true);

    [Test]
    public async Task A_directory_is_labelled_with_all_below_it()
    {
        await RelabelAsync("tree");

        foreach (var path in new[] { "tree", "tree/file", "tree/deep", "tree/deep/file" }) Assert.That(LabelOf(path), Is.EqualTo(Label), path);
        Assert.That(LabelOf("outside"), Is.Null);
    }

    [Test]
    public async Task Links_are_labelled_themselves_and_lead_nowhere()
    {
        Directory.CreateDirectory(At("elsewhere"));
        File.CreateSymbolicLink(At("tree/link"), At("outside"));
        File.CreateSymbolicLink(At("tree/way"), At("elsewhere"));
        File.WriteAllText(At("elsewhere/file"), "");

        await RelabelAsync("tree");

        Assert.That(LabelOf("tree/link"), Is.EqualTo(Label));
        Assert.That(LabelOf("tree/way"), Is.EqualTo(Label));
        foreach (var path in new[] { "outside", "elsewhere", "elsewhere/file" }) Assert.That(LabelOf(path), Is.Null, path);
    }

    [Test]
    public async Task What_the_path_itself_leads_to_is_labelled()
    {
        File.CreateSymbolicLink(At("way"), At("tree"));
        File.CreateSymbolicLink(At("link"), At("outside"));

        await RelabelAsync("way");
        await RelabelAsync("link");

        Assert.That(LabelOf("tree/deep/file"), Is.EqualTo(Label));
        Assert.That(LabelOf("outside"), Is.EqualTo(Label));
        Assert.That(_labels.LabelOf(At("link")), Is.EqualTo(Label));
        Assert.That(LabelOf("way"), Is.Null);
    }

    [Test]
    public async Task What_has_the_label_already_is_not_touched()
    {
        await RelabelAsync("tree");
        var before = ChangeTime("tree/file");

        await RelabelAsync("tree");
        Assert.That(ChangeTime("tree/file"), Is.EqualTo(before));

        await _labels.RelabelAsync(At("tree"), "a:b:c:s0", CancellationToken.None);
        Assert.That(LabelOf("tree/file"), Is.EqualTo("a:b:c:s0"));
    }

    [Test]
    public async Task Directories_may_lie_deeper_than_a_process_has_descriptors()
    {
        var deep = At("tree/" + string.Join('/', Enumerable.Repeat("d", 1500)));
        Directory.CreateDirectory(deep);

        await RelabelAsync("tree");

        Assert.That(_labels.LabelOf(deep), Is.EqualTo(Label));
    }

    [Test]
    public async Task A_file_system_without_labels_is_passed_over()
    {
        // It has no attributes of this kind.
        var labels = new FileLabels("os2.label");

        await labels.RelabelAsync(At("tree"), Label, CancellationToken.None);

        Assert.That(labels.LabelOf(At("tree")), Is.Null);
    }

    [TestCase("/")]
    [TestCase("/usr")]
    [TestCase("/etc")]
    [TestCase("/home")]
    [TestCase("/root")]
    [TestCase("/tmp")]
    [TestCase("/var/")]
    [TestCase("/etc/../var")]
    [TestCase("/proc/self/root/etc")]
    public void The_machines_own_directories_are_refused(string path) =>
        Assert.That(
            async () => await _labels.RelabelAsync(path, Label, CancellationToken.None),
            Throws.TypeOf<EngineException>().With.Message.Match("^SELinux relabeling of /[a-z]* is not allowed$"));

    [Test]
    public void A_link_to_one_of_them_is_refused_too()
    {
        File.CreateSymbolicLink(At("way"), "/usr");

        Assert.That(async () => await RelabelAsync("way"), Throws.TypeOf<EngineException>().With.Message.EqualTo("SELinux relabeling of /usr is not allowed"));
    }

    [Test]
    public void What_is_not_there_is_told() =>
        Assert.That(async () => await RelabelAsync("nothing"), Throws.InstanceOf<Exception>().With.Message.Contains("nothing"));

    private Task RelabelAsync(string path) => _labels.RelabelAsync(At(path), Label, CancellationToken.None);

    private string At(string path) => Path.Join(_directory, path);

    private string? LabelOf(string path)
    {
        using var parent = DirectoryHandle.Open(Path.GetDirectoryName(At(path))!);
        return ExtendedAttributes.Get(parent, Path.GetFileName(path), Attribute) is { } value ? Encoding.UTF8.GetString(value) : null;
    }

    private string ChangeTime(string path)
    {
        using var stat = Process.Start(new ProcessStartInfo("stat", ["-c", "%z", At(path)]) { RedirectStandardOutput = true })!;
        return stat.StandardOutput.ReadToEnd();
    }
}
