using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Core.Storage;
using Podsharp.Engine.Containers;
using Podsharp.Engine.Containers.Copy;
using Podsharp.Engine.Events;
using Podsharp.Testing;

namespace Podsharp.Engine.Tests.Containers.Copy;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class CopyToContainerTests
{
    private readonly FakeContainerStore _containers = new();
    private readonly FakeContainerViews _views = new();
    private readonly FakeRootFileSystems _roots = new();
    private readonly FakePathArchives _archives = new();
    private readonly FakeRootedFiles _files = new();
    private readonly FakeEventLog _log;
    private readonly CopyToContainer _copy;
    private readonly LookAtPath _look;

    public CopyToContainerTests()
    {
        var clock = new FakeClock(Samples.Time);
        _log = new FakeEventLog(clock);
        var access = new ContainerAccess(
            new ContainerLookup(_containers), new ContainerLocks(), new FakeContainerRuntime(), _views, _roots, new FakeVolumeStore("/v"));
        _copy = new CopyToContainer(access, _archives, _files, new EventPublisher(_log, clock));
        _look = new LookAtPath(access, _archives);
        _archives.Put("/srv", PathForm.Directory);
        _archives.Put("/srv/file", PathForm.File);
        _archives.Put("/data", PathForm.Directory);
        _archives.Put("/link", PathForm.SymbolicLink, "/data");
        _archives.Put("/link/", PathForm.Directory, "/data");
    }

    [TearDown]
    public void Nothing_stays_open() => Assert.That((_views.Open, _roots.Held), Is.EqualTo((0, 0)));

    [Test]
    public async Task A_directory_is_unpacked_into_and_the_event_tells_of_it()
    {
        Put();

        await CopyAsync("/srv");

        Assert.That(_archives.Extracted.Single().Path, Is.EqualTo("/srv"));
        Assert.That(_log.Actions, Is.EqualTo(new[] { "container extract-to-dir" }));
    }

    [Test]
    public async Task A_link_to_a_directory_is_as_good_as_the_directory()
    {
        Put();

        await CopyAsync("/link");

        Assert.That(_archives.Extracted.Single().Path, Is.EqualTo("/data"));
    }

    [TestCase("", ErrorKind.InvalidInput, "bad parameter: path cannot be empty")]
    [TestCase("/a\0b", ErrorKind.InvalidInput, "bad parameter: path holds a zero byte")]
    [TestCase("/none", ErrorKind.NotFound, "Could not find the file /none in container web")]
    [TestCase("/srv/file", ErrorKind.InvalidInput, "extraction point is not a directory")]
    public void What_is_no_directory_is_refused(string path, ErrorKind kind, string message)
    {
        Put();

        Assert.That(() => CopyAsync(path), Refused(kind, message));
        Assert.That(_archives.Extracted, Is.Empty);
    }

    [TestCase("/srv", "container rootfs is marked read-only")]
    [TestCase("/data", "mounted volume is marked read-only")]
    [TestCase("/link", "mounted volume is marked read-only")]
    public void What_is_read_only_is_refused(string path, string message)
    {
        Put(readOnlyRoot: true, new ResolvedMount { Kind = MountKind.Volume, VolumeName = "v", Target = "/data", ReadOnly = true });

        Assert.That(() => CopyAsync(path), Refused(ErrorKind.Forbidden, message));
    }

    [Test]
    public async Task A_writable_volume_below_a_read_only_root_takes_files()
    {
        Put(readOnlyRoot: true, new ResolvedMount { Kind = MountKind.Bind, Source = "/host", Target = "/data" });

        await CopyAsync("/data");

        Assert.That(_archives.Extracted.Single().Path, Is.EqualTo("/data"));
    }

    [TestCase(ContainerPhase.Removing)]
    [TestCase(ContainerPhase.Dead)]
    public void A_container_that_is_going_is_refused(ContainerPhase phase)
    {
        var container = Put(phase: phase);

        Assert.That(
            () => CopyAsync("/srv"), Refused(ErrorKind.Conflict, $"You cannot copy files of container {container.Id.Short}: it is being removed"));
    }

    [Test]
    public void A_removal_ends_the_copying()
    {
        var container = Put();
        _archives.WhileExtracting = async end =>
        {
            await _roots.LoseAsync();
            end.ThrowIfCancellationRequested();
        };

        Assert.That(() => CopyAsync("/srv"), Refused(ErrorKind.Conflict, $"container {container.Id.Short} was removed while files were copied to it"));
        Assert.That(_log.Actions, Is.Empty);
    }

    [TestCase(true, 1000u)]
    [TestCase(false, null)]
    public async Task Files_become_the_user_s_only_where_that_is_asked_for(bool forUser, uint? owner)
    {
        Put();

        await _copy.RunAsync(new CopyToContainerRequest("web", "/srv", KeepForm: true, forUser), Stream.Null, CancellationToken.None);

        Assert.That(_archives.Extracted.Single().Rules, Is.EqualTo(new ExtractionRules(true, owner is { } id ? (id, 50u) : null)));
    }

    [Test]
    public void What_is_not_there_cannot_be_looked_at()
    {
        Put();

        Assert.That(() => _look.RunAsync("web", "/none", CancellationToken.None), Refused(ErrorKind.NotFound, "Could not find the file /none in container web"));
    }

    private Container Put(bool readOnlyRoot = false, ResolvedMount? mount = null, ContainerPhase phase = ContainerPhase.Exited)
    {
        var container = Samples.Container("web", Samples.Image("image"), phase);
        return _containers.Put(container with
        {
            Mounts = mount is null ? [] : [mount],
            State = container.State with { Generation = 1 },
            Spec = container.Spec with
            {
                Process = container.Spec.Process with { User = "1000:50" },
                Security = container.Spec.Security with { ReadOnlyRoot = readOnlyRoot },
            },
        });
    }

    private Task CopyAsync(string path) =>
        _copy.RunAsync(new CopyToContainerRequest("web", path, KeepForm: false, ForUser: false), Stream.Null, CancellationToken.None);

    private static NUnit.Framework.Constraints.IResolveConstraint Refused(ErrorKind kind, string message) =>
        Throws.TypeOf<EngineException>().With.Property(nameof(EngineException.Kind)).EqualTo(kind).And.Message.EqualTo(message);
}
