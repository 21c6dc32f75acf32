using NUnit.Framework;
using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Engine.Volumes;

namespace Podsharp.Engine.Tests.Volumes;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ResolveMountsTests
{
    private readonly VolumeRoom _room = new();

    [Test]
    public async Task A_named_volume_is_made_on_demand()
    {
        await using var resolution = await _room.ResolveAsync(new MountsSpec { Requested = [VolumeRoom.Volume("data", "/data")] });
        resolution.Keep();

        var mount = resolution.Mounts.Single();
        Assert.That((mount.VolumeName, mount.Source, mount.Anonymous), Is.EqualTo(("data", _room.Store.PathOf("data"), false)));
        Assert.That(_room.Store.Find("data")!.Anonymous, Is.False);
    }

    [Test]
    public async Task Image_volumes_become_anonymous_ones_where_nothing_else_is_mounted()
    {
        await using var resolution = await _room.ResolveAsync(new MountsSpec { Requested = [VolumeRoom.Volume("data", "/data")] }, "/data/", "/var/lib");

        Assert.That(resolution.Mounts.Select(mount => $"{mount.Target} {mount.Anonymous}"), Is.EqualTo(new[] { "/data False", "/var/lib True" }));
    }

    [Test]
    public async Task A_volume_that_an_image_declares_without_a_slash_lies_below_the_root()
    {
        await using var resolution = await _room.ResolveAsync(new MountsSpec { AnonymousVolumes = ["data"] }, "data");

        Assert.That(resolution.Mounts.Select(mount => $"{mount.Target} {mount.Anonymous}"), Is.EqualTo(new[] { "/data True" }));
    }

    [Test]
    public async Task Two_mounts_on_one_target_are_refused()
    {
        var mounts = new MountsSpec { Requested = [VolumeRoom.Volume("one", "/x"), VolumeRoom.Volume("two", "/x/")] };

        var exception = await Assert.ThrowsAsync<EngineException>(() => _room.ResolveAsync(mounts));

        Assert.That((exception!.Kind, exception.Message), Is.EqualTo((ErrorKind.InvalidInput, "Duplicate mount point: /x/")));
        Assert.That(_room.Store.All, Is.Empty);
    }

    [Test]
    public async Task A_simple_tmpfs_gives_way_to_a_volume()
    {
        var tmpfs = new MountRequest { Kind = MountKind.Tmpfs, Target = "/x" };

        await using var resolution = await _room.ResolveAsync(new MountsSpec { Requested = [tmpfs, VolumeRoom.Volume("one", "/x")] });

        Assert.That(resolution.Mounts.Single().Kind, Is.EqualTo(MountKind.Volume));
    }

    [Test]
    public async Task Parents_are_mounted_before_children()
    {
        await using var resolution = await _room.ResolveAsync(new MountsSpec { Requested = [VolumeRoom.Volume("two", "/a/b"), VolumeRoom.Volume("one", "/a")] });

        Assert.That(resolution.Mounts.Select(mount => mount.Target), Is.EqualTo(new[] { "/a", "/a/b" }));
    }

    [Test]
    public async Task Volumes_that_were_made_go_when_the_container_does_not_come()
    {
        await _room.CreateAsync("old");

        await using (await _room.ResolveAsync(new MountsSpec { Requested = [VolumeRoom.Volume("old", "/old"), VolumeRoom.Volume("new", "/new")] }, "/more"))
        {
        }

        Assert.That(_room.Store.All.Select(volume => volume.Name), Is.EqualTo(new[] { "old" }));
    }

    [Test]
    public async Task A_volume_cannot_be_removed_while_a_container_with_it_is_being_made()
    {
        await _room.CreateAsync("data");
        var resolution = await _room.ResolveAsync(new MountsSpec { Requested = [VolumeRoom.Volume("data", "/data")] });

        Assert.That(
            () => _room.Remove.RunAsync(new RemoveVolumeRequest("data", false), CancellationToken.None),
            Throws.TypeOf<EngineException>().With.Property("Kind").EqualTo(ErrorKind.Conflict));
        await resolution.DisposeAsync();

        await _room.Remove.RunAsync(new RemoveVolumeRequest("data", false), CancellationToken.None);
        Assert.That(_room.Store.All, Is.Empty);
    }

    [Test]
    public async Task A_bind_mount_of_nothing_is_refused_unless_it_may_be_made()
    {
        var bind = new MountRequest { Kind = MountKind.Bind, Source = "/nosuch", Target = "/x" };

        var exception = await Assert.ThrowsAsync<EngineException>(() => _room.ResolveAsync(new MountsSpec { Requested = [bind] }));
        Assert.That(exception!.Message, Is.EqualTo("invalid mount config for type \"bind\": bind source path does not exist: /nosuch"));

        await using var resolution = await _room.ResolveAsync(new MountsSpec { Requested = [bind with { CreateSource = true }] });
        Assert.That(resolution.Mounts, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Another_containers_mounts_are_taken_over_and_give_way()
    {
        _room.PutContainer(
            "other",
            new ResolvedMount { Kind = MountKind.Bind, Source = "/src", Target = "/a" },
            new ResolvedMount { Kind = MountKind.Bind, Source = "/src", Target = "/b" },
            new ResolvedMount { Kind = MountKind.Tmpfs, Target = "/c" });

        await using var resolution = await _room.ResolveAsync(
            new MountsSpec { Requested = [VolumeRoom.Volume("mine", "/a")], VolumesFrom = ["other:ro"] });

        Assert.That(
            resolution.Mounts.Select(mount => $"{mount.Target} {mount.Kind} {mount.ReadOnly}"),
            Is.EqualTo(new[] { "/a Volume False", "/b Bind True" }));
    }

    [TestCase("other:Z", "Z")]
    [TestCase("other", "z")]
    public async Task Volumes_from_takes_labels_along_unless_it_names_one(string text, string label)
    {
        _room.PutContainer("other", new ResolvedMount { Kind = MountKind.Bind, Source = "/b", Target = "/b", Options = ["z"] });

        await using var resolution = await _room.ResolveAsync(new MountsSpec { VolumesFrom = [text] });

        Assert.That(resolution.Mounts.Single().Options, Is.EqualTo(new[] { label }));
    }

    [Test]
    public async Task Volumes_from_with_a_label_keeps_what_else_the_mount_was_asked_for()
    {
        _room.PutContainer("other", new ResolvedMount { Kind = MountKind.Volume, VolumeName = "a", Target = "/a", Options = ["nosuid", "z", "noexec"] });

        await using var resolution = await _room.ResolveAsync(new MountsSpec { VolumesFrom = ["other:Z"] });

        Assert.That(resolution.Mounts.Single().Options, Is.EqualTo(new[] { "nosuid", "noexec", "Z" }));
    }

    [TestCase("gone", ErrorKind.InvalidInput)]
    [TestCase("other:foo", ErrorKind.InvalidInput)]
    public async Task Bad_volumes_from_are_refused(string text, ErrorKind kind)
    {
        _room.PutContainer("other");

        var exception = await Assert.ThrowsAsync<EngineException>(() => _room.ResolveAsync(new MountsSpec { VolumesFrom = [text] }));

        Assert.That(exception!.Kind, Is.EqualTo(kind));
    }

    [Test]
    public async Task Tmpfs_size_and_mode_become_options()
    {
        var tmpfs = new MountRequest { Kind = MountKind.Tmpfs, Target = "/x", TmpfsSize = 4096, TmpfsMode = 0x1C0, Options = ["noexec"], FromMountsList = true };

        await using var resolution = await _room.ResolveAsync(new MountsSpec { Requested = [tmpfs] });

        Assert.That(resolution.Mounts.Single().Options, Is.EqualTo(new[] { "noexec", "size=4096", "mode=700" }));
    }
}
