using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Core.Volumes;
using Podsharp.Engine.Containers.Labels;
using Podsharp.Testing;

namespace Podsharp.Engine.Tests.Containers.Labels;

public sealed class FileLabelingTests
{
    private const string Own = "system_u:object_r:container_file_t:s0:c1,c2";
    private const string Everybodys = "system_u:object_r:container_file_t:s0";
    private const string Machines = "system_u:object_r:var_lib_t:s0";
    private readonly FakeFileLabels _labels = new();
    private readonly FakeVolumeStore _volumes = new();
    private readonly FakeHost _host = LabelledHost.New();

    [TestCase("z", Everybodys)]
    [TestCase("Z", Own)]
    public async Task A_bind_gets_the_label_it_asks_for(string option, string label)
    {
        await PrepareAsync(Bind("/data", option));

        Assert.That(_labels.LabelOf("/data"), Is.EqualTo(label));
    }

    [Test]
    public async Task A_bind_that_asks_for_none_stays_as_it_is()
    {
        await PrepareAsync(Bind("/data"));

        Assert.That(_labels.Relabelled, Is.Empty);
    }

    [Test]
    public async Task A_machine_without_SELinux_ignores_what_is_asked_for()
    {
        _host.Facts = _host.Facts with { SeLinux = false };
        await PrepareAsync(Bind("/data", "z"));
        _host.Facts = _host.Facts with { SeLinux = true };
        await PrepareAsync(Bind("/data", "Z"), label: "");

        Assert.That(_labels.Relabelled, Is.Empty);
    }

    [Test]
    public void What_is_the_machines_own_is_refused_as_beside_dockerd() =>
        Assert.That(
            async () => await PrepareAsync(Bind("/etc", "z")),
            Throws.TypeOf<EngineException>().With.Message.EqualTo("error setting label on mount source '/etc': SELinux relabeling of /etc is not allowed"));

    [Test]
    public async Task A_volume_that_has_no_label_of_its_own_becomes_everybodys_at_its_first_use()
    {
        var volume = await VolumeAsync();
        (_labels.Labels[volume.MountPoint], _labels.Labels[Path.GetDirectoryName(volume.MountPoint)!]) = (Machines, Machines);

        await PrepareAsync(Of(volume));
        await PrepareAsync(Of(volume));

        Assert.That(_labels.LabelOf(volume.MountPoint), Is.EqualTo(Everybodys));
        Assert.That(_labels.Relabelled, Is.EqualTo(new[] { volume.MountPoint }));
    }

    [Test]
    public async Task A_volume_that_somebody_labelled_keeps_its_label()
    {
        var volume = await VolumeAsync();
        (_labels.Labels[volume.MountPoint], _labels.Labels[Path.GetDirectoryName(volume.MountPoint)!]) = ("a:b:mine_t:s0", Machines);

        await PrepareAsync(Of(volume));

        Assert.That(_labels.Relabelled, Is.Empty);
    }

    [Test]
    public async Task What_a_volumes_options_mount_is_not_the_stores_to_label()
    {
        var volume = await VolumeAsync(new Dictionary<string, string> { ["type"] = "none", ["device"] = "/srv", ["o"] = "bind" });

        await PrepareAsync(Of(volume));
        Assert.That(_labels.Relabelled, Is.Empty);

        await PrepareAsync(Of(volume) with { Options = ["Z"] });
        Assert.That(_labels.LabelOf(volume.MountPoint), Is.EqualTo(Own));
    }

    [TestCase(false, Own)]
    [TestCase(true, Everybodys)]
    public async Task The_engines_files_are_the_containers_own_unless_another_has_them_too(bool shared, string label)
    {
        await Labeling().PrepareAsync(Container(Own), ["/hosts"], shared, CancellationToken.None);

        Assert.That(_labels.LabelOf("/hosts"), Is.EqualTo(label));
    }

    private Task PrepareAsync(ResolvedMount mount, string label = Own) => Labeling().PrepareAsync(Container(label), mount, mount.Source, CancellationToken.None);

    private FileLabeling Labeling() => new(_labels, _volumes, _host);

    private ValueTask<Volume> VolumeAsync(IReadOnlyDictionary<string, string>? options = null) => _volumes.AddAsync(
        new Volume { Name = "v", Created = Samples.Time, MountPoint = _volumes.PathOf("v"), Options = options ?? new Dictionary<string, string>() }, CancellationToken.None);

    private static Container Container(string label) => Samples.Container("c", Samples.Image("image")) with { MountLabel = label };

    private static ResolvedMount Bind(string source, params string[] options) => new() { Kind = MountKind.Bind, Source = source, Target = "/t", Options = options };

    private static ResolvedMount Of(Volume volume) => new() { Kind = MountKind.Volume, VolumeName = volume.Name, Source = volume.MountPoint, Target = "/t" };
}
