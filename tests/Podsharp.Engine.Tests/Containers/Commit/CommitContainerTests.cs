using Microsoft.Extensions.Logging.Abstractions;
using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Core.Images;
using Podsharp.Engine.Containers;
using Podsharp.Engine.Containers.Commit;
using Podsharp.Engine.Containers.Launch;
using Podsharp.Engine.Events;
using Podsharp.Testing;

namespace Podsharp.Engine.Tests.Containers.Commit;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class CommitContainerTests
{
    private readonly FakeClock _clock = new(Samples.Time.AddDays(1));
    private readonly FakeContainerStore _containers = new();
    private readonly FakeContainerRuntime _runtime = new();
    private readonly FakeImageStore _images = new();
    private readonly FakeContainerArchives _archives;
    private readonly FakeEventLog _log;
    private readonly ContainerStill _still;
    private readonly CommitContainer _commit;
    private readonly Image _image;

    public CommitContainerTests()
    {
        _archives = new FakeContainerArchives(_images);
        _log = new FakeEventLog(_clock);
        var locks = new ContainerLocks();
        var lookup = new ContainerLookup(_containers);
        var events = new EventPublisher(_log, _clock);
        var states = new ContainerStates(_containers, new ContainerWaiters(), locks);
        _still = new ContainerStill(lookup, locks, _runtime, states, events, NullLogger<ContainerStill>.Instance);
        _commit = new CommitContainer(lookup, _still, _archives, new CommittedConfig(_images, new FakeHost(), _clock), events);
        _image = _images.Put(Samples.Image("base", "base:1") with
        {
            Config = new ImageConfig { Architecture = "arm64", History = [new ImageHistory(Samples.Time, "made", null, null, false)] },
        });
    }

    [Test]
    public async Task The_image_stands_on_the_containers_layers_and_tells_how_it_was_made()
    {
        var container = Put(ContainerPhase.Exited);

        var image = await RunAsync(comment: "why", author: "me", repository: "child", tag: "2");

        Assert.That(image.Layers.Take(1), Is.EqualTo(container.Layers));
        Assert.That(image.Layers, Has.Count.EqualTo(2));
        Assert.That((image.Parent, image.Config.Architecture), Is.EqualTo((_image.Id, "arm64")));
        Assert.That(image.Config.History, Is.EqualTo(new[]
        {
            new ImageHistory(Samples.Time, "made", null, null, false), new ImageHistory(_clock.GetUtcNow(), "sh -c x", "me", "why", false),
        }));
        Assert.That(_images.Find(ImageReference.Parse("child:2"))!.Id, Is.EqualTo(image.Id));
        Assert.That(_log.Actions, Is.EqualTo(new[] { "image tag", "container commit" }));
        Assert.That(_archives.Discarded, Is.EqualTo(1));
    }

    [Test]
    public async Task A_container_whose_image_is_gone_can_still_be_committed()
    {
        Put(ContainerPhase.Exited);
        await _images.RemoveAsync(_image.Id, CancellationToken.None);

        var image = await RunAsync();

        Assert.That(image.Parent, Is.Null);
        Assert.That(image.Config.History, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Changes_and_a_configuration_win_over_the_containers()
    {
        Put(ContainerPhase.Exited);

        var image = await RunAsync(
            changes: ["ENV A=changed", "USER nobody"], process: new ImageProcess { Environment = ["C=asked"], Command = ["asked"] });

        Assert.That(image.Config.Process.Environment, Is.EqualTo(new[] { "C=asked", "A=changed", "B=container" }));
        Assert.That(image.Config.Process.Command, Is.EqualTo(new[] { "asked" }));
        Assert.That(image.Config.Process.User, Is.EqualTo("nobody"));
        Assert.That(image.Config.Process.Labels, Is.EqualTo(new Dictionary<string, string> { ["l"] = "1" }));
    }

    [Test]
    public async Task A_running_container_is_frozen_while_it_is_copied_and_that_it_must_be_thawed_is_known()
    {
        var container = Put(ContainerPhase.Running);
        ContainerState? during = null;
        _archives.WhileCopying = id =>
        {
            during = _containers.Find(id)!.State;
            Assert.That(_runtime.Calls, Is.EqualTo(new[] { "pause" }));
        };

        await RunAsync();

        Assert.That((during!.Phase, during.ThawOwed), Is.EqualTo((ContainerPhase.Paused, true)));
        AssertThawed(container);
        Assert.That(_log.Actions, Is.EqualTo(new[] { "container pause", "container unpause", "container commit" }));
    }

    [Test]
    public async Task A_failed_copy_thaws_the_container()
    {
        var container = Put(ContainerPhase.Running);
        _archives.WhileCopying = _ => throw EngineException.Exhausted("no space left on device");

        await Assert.ThrowsAsync<EngineException>(() => RunAsync());

        AssertThawed(container);
        Assert.That(_images.All, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_failed_freeze_is_undone_and_told()
    {
        var container = Put(ContainerPhase.Running);
        _runtime.Failures["pause"] = EngineException.Internal("no freezer");

        var failure = await Assert.ThrowsAsync<EngineException>(() => RunAsync());

        Assert.That(failure!.Message, Is.EqualTo("no freezer"));
        AssertThawed(container);
    }

    [Test]
    public async Task Nothing_is_frozen_that_need_not_be()
    {
        Put(ContainerPhase.Running);
        await RunAsync(pause: false);
        Put(ContainerPhase.Paused);
        await RunAsync();

        Assert.That(_runtime.Calls, Is.Empty);
    }

    [Test]
    public async Task A_bad_name_or_change_is_refused_before_anything_is_frozen()
    {
        Put(ContainerPhase.Running);

        await Assert.ThrowsAsync<EngineException>(() => RunAsync(repository: "UPPER"));
        await Assert.ThrowsAsync<EngineException>(() => RunAsync(changes: ["RUN x"]));

        Assert.That(_runtime.Calls, Is.Empty);
    }

    private Container Put(ContainerPhase phase) => _containers.Put(Samples.Container("c", _image, phase) with
    {
        Spec = new ContainerSpec
        {
            Process = new ProcessSpec { Command = ["sh", "-c", "x"], Environment = ["A=container", "B=container"] },
            Labels = new Dictionary<string, string> { ["l"] = "1" },
        },
    });

    private Task<Image> RunAsync(
        string repository = "", string tag = "", string comment = "", string author = "", bool pause = true, string[]? changes = null, ImageProcess? process = null) =>
        _commit.RunAsync(
            new CommitContainerRequest("c", repository, tag, comment, author, pause, changes ?? [], process), TestContext.CurrentContext.CancellationToken);

    private void AssertThawed(Container container)
    {
        Assert.That(_runtime.Calls, Is.EqualTo(new[] { "pause", "resume" }));
        var state = _containers.Find(container.Id)!.State;
        Assert.That((state.Phase, state.ThawOwed), Is.EqualTo((ContainerPhase.Running, false)));
    }
}
