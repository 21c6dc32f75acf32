using Podsharp.Core.Containers;
using Podsharp.Engine.Containers.Launch;
using Podsharp.Testing;

namespace Podsharp.Engine.Tests.Containers.Launch;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class TmpfsModesTests
{
    private readonly FakeRootedFiles _files = new();

    [Test]
    public void A_tmpfs_has_the_mode_of_the_directory_that_it_hides()
    {
        _files.MakeDirectory("/root", "/run", 0, 0, 0b111_101_101);

        Assert.That(Options(Tmpfs("/run", "size=1m")), Is.EqualTo(["size=1m", "mode=755"]));
    }

    [Test]
    public void One_that_hides_nothing_is_everybodys_at_each_start()
    {
        for (var start = 0; start < 2; start++) Assert.That(Options(Tmpfs("/new/place")), Is.EqualTo(["mode=1777"]));
        Assert.That(_files.Directories["/new"].Mode, Is.EqualTo(0b111_101_101));
    }

    [TestCase("/run", "mode=700")]
    [TestCase("/dev/shm", "size=1m")]
    [TestCase("/volume/cache", "size=1m")]
    public void A_mode_that_was_asked_for_and_places_outside_of_the_root_are_left_alone(string target, string option)
    {
        Assert.That(Options(Tmpfs(target, option), new ResolvedMount { Kind = MountKind.Volume, Target = "/volume" }), Is.EqualTo([option]));
        Assert.That(_files.Directories, Is.Empty);
    }

    private IReadOnlyList<string> Options(params ResolvedMount[] mounts) => TmpfsModes.Add(mounts, "/root", _files)[0].Options;

    private static ResolvedMount Tmpfs(string target, params string[] options) => new() { Kind = MountKind.Tmpfs, Target = target, Options = options };
}
