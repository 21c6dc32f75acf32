using Podsharp.Core.Containers;
using Podsharp.Core.Host;
using Podsharp.Core.Oci;
using Podsharp.Engine.Containers.Spec;
using Podsharp.Testing;

namespace Podsharp.Engine.Tests.Containers.Spec;

public sealed class MountOrderTests
{
    private string _directory = "";

    [SetUp]
    public void SetUp() => _directory = Directory.CreateTempSubdirectory("podsharp-mounts-").FullName;

    [TearDown]
    public void TearDown() => Directory.Delete(_directory, recursive: true);

    [Test]
    public void The_engines_files_are_mounted_upon_what_was_asked_for_around_them() =>
        Assert.That(Targets(new ResolvedMount { Kind = MountKind.Bind, Source = _directory, Target = "/etc" }), Is.EqualTo(["/etc", "/etc/hosts", "/sbin/docker-init"]));

    [Test]
    public void What_was_asked_for_takes_the_place_of_a_file_of_the_engine() =>
        Assert.That(Build(new ResolvedMount { Kind = MountKind.Bind, Source = "/mine", Target = "/etc/hosts" }).Single(mount => mount.Destination == "/etc/hosts").Source, Is.EqualTo("/mine"));

    [TestCase(false)]
    [TestCase(true)]
    public void A_file_is_mounted_in_a_read_only_directory_where_that_has_such_a_file(bool there)
    {
        if (there) File.WriteAllText(Path.Join(_directory, "hosts"), "");

        var targets = Targets(new ResolvedMount { Kind = MountKind.Volume, Source = _directory, Target = "/etc", ReadOnly = true });

        Assert.That(targets.Contains("/etc/hosts"), Is.EqualTo(there));
    }

    [Test]
    public void The_hosts_init_program_cannot_be_changed()
    {
        Assert.That(Build().Single(mount => mount.Destination == "/sbin/docker-init").Options, Does.Contain("ro"));
        Assert.That(Build().Single(mount => mount.Destination == "/etc/hosts").Options, Does.Not.Contain("ro"));
    }

    private static IEnumerable<string> Targets(params ResolvedMount[] asked) =>
        Build(asked).Select(mount => mount.Destination).Where(target => target.StartsWith("/etc", StringComparison.Ordinal) || target.StartsWith("/sbin", StringComparison.Ordinal));

    private static IReadOnlyList<RuntimeMount> Build(params ResolvedMount[] asked) => MountPart.Build(new LaunchContext
    {
        Container = Samples.Container("c", Samples.Image("image")) with { Mounts = asked },
        Host = new FakeHost().Facts,
        Options = new EngineOptions(),
        RootFs = "/root",
        User = new UserIdentity(0, 0, [], "/root"),
        Files = [new EngineFile("/h", "/etc/hosts"), new EngineFile("/i", "/sbin/docker-init", ReadOnly: true)],
    });
}
