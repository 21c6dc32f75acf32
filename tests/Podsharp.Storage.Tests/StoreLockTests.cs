using Podsharp.Core.Storage;

namespace Podsharp.Storage.Tests;

public sealed class StoreLockTests
{
    private string _root = "";

    private StorePaths Paths => new(_root, _root);

    [SetUp]
    public void MakeRoot() => _root = Directory.CreateTempSubdirectory("podsharp-lock").FullName;

    [TearDown]
    public void RemoveRoot() => Directory.Delete(_root, recursive: true);

    [Test]
    public void Names_the_holder_to_whoever_is_refused()
    {
        using var held = StoreLock.TryAcquire(Paths, "unix:///a.sock", out _);

        Assert.That(StoreLock.TryAcquire(Paths, "unix:///b.sock", out var holder), Is.Null);
        Assert.That(holder, Is.EqualTo($"pid {Environment.ProcessId} at unix:///a.sock"));
    }

    [Test]
    public async Task Waits_until_the_holder_leaves()
    {
        var held = StoreLock.TryAcquire(Paths, "a", out _)!;
        var waiting = StoreLock.AcquireAsync(Paths, "b", TimeSpan.FromSeconds(20), CancellationToken.None);
        Assert.That(waiting.IsCompleted, Is.False);

        held.Dispose();

        using var taken = await waiting;
        Assert.That(taken, Is.Not.Null);
    }

    [Test]
    public async Task Gives_up_after_the_time_it_was_given()
    {
        using var held = StoreLock.TryAcquire(Paths, "a", out _);

        Assert.That(await StoreLock.AcquireAsync(Paths, "b", TimeSpan.FromMilliseconds(30), CancellationToken.None), Is.Null);
    }
}
