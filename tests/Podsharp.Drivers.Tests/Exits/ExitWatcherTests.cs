using Podsharp.Core.Containers;
using Podsharp.Core.Runtime;
using Podsharp.Drivers.Exits;
using Podsharp.Linux.Processes;

namespace Podsharp.Drivers.Tests.Exits;

[TestFixture]
[Category("Root")]
[CancelAfter(60_000)]
public sealed class ExitWatcherTests
{
    private const int Kill = 9;

    [Test]
    public async Task An_exit_while_it_watches_is_told_with_its_code()
    {
        await using var bed = new TestBed();
        using var watcher = new ExitWatcher(bed.Paths);
        var container = await bed.CreateAsync(bed.Request("/bin/sh", "-c", "exit 7"));
        Watch(watcher, container);

        await bed.Runtime.StartAsync(container.Id, CancellationToken.None);
        var exit = await NextAsync(watcher);

        Assert.That((exit.Id, exit.Generation, exit.ExitCode, exit.OutOfMemory), Is.EqualTo((container.Id, 1, 7, false)));
        Assert.That(exit.Time, Is.EqualTo(DateTimeOffset.UtcNow).Within(TimeSpan.FromSeconds(30)));
    }

    [Test]
    public async Task An_exit_from_before_the_watch_is_told_at_once()
    {
        await using var bed = new TestBed();
        var container = await bed.CreateAsync(bed.Request("/bin/sh", "-c", "exit 3"));
        await using var stdio = await bed.Runtime.AttachAsync(container, CancellationToken.None);
        await bed.Runtime.StartAsync(container.Id, CancellationToken.None);
        await TestBed.ReadToEndAsync(stdio);
        using var watcher = new ExitWatcher(bed.Paths);

        Watch(watcher, container);

        Assert.That((await NextAsync(watcher)).ExitCode, Is.EqualTo(3));
    }

    [Test]
    public async Task The_code_is_unknown_when_the_monitor_was_killed()
    {
        await using var bed = new TestBed();
        using var watcher = new ExitWatcher(bed.Paths);
        var container = await bed.StartAsync(bed.Request("/bin/sleep", "1000"));
        Watch(watcher, container);

        using (var monitor = PidDescriptor.Open(container.State.MonitorPid)!) PidDescriptor.Signal(monitor, Kill);
        await bed.Runtime.SignalAsync(container, Kill, CancellationToken.None);

        Assert.That((await NextAsync(watcher)).ExitCode, Is.EqualTo(-1));
    }

    [Test]
    public async Task Each_start_is_told_once()
    {
        await using var bed = new TestBed();
        using var watcher = new ExitWatcher(bed.Paths);
        var first = await bed.CreateAsync(bed.Request("/bin/sh", "-c", "exit 1"));
        Watch(watcher, first);
        Watch(watcher, first);
        await bed.Runtime.StartAsync(first.Id, CancellationToken.None);
        Assert.That((await NextAsync(watcher)).ExitCode, Is.EqualTo(1));

        var second = await bed.StartAsync(bed.Request("/bin/sh", "-c", "exit 2"));
        Watch(watcher, second);

        Assert.That((await NextAsync(watcher)).ExitCode, Is.EqualTo(2));
    }

    [Test]
    public async Task Running_out_of_memory_is_told()
    {
        await using var bed = new TestBed();
        using var watcher = new ExitWatcher(bed.Paths);
        var request = bed.Request("/bin/sh", "-c", "x=a; while true; do x=$x$x$x$x; done");
        request = request with
        {
            Spec = request.Spec with
            {
                Linux = request.Spec.Linux with { Resources = new() { Memory = new() { Limit = 16 << 20, Swap = 16 << 20 } } },
            },
        };
        var container = await bed.StartAsync(request);
        Watch(watcher, container);

        var exit = await NextAsync(watcher);

        Assert.That((exit.ExitCode, exit.OutOfMemory), Is.EqualTo((137, true)));
    }

    private static void Watch(ExitWatcher watcher, Container container) =>
        watcher.Watch(container.Id, container.State.Generation, container.State.Pid, container.State.PidStartTime);

    private static async Task<ContainerExit> NextAsync(ExitWatcher watcher)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        await foreach (var exit in watcher.ReadAllAsync(timeout.Token)) return exit;
        throw new InvalidOperationException("the watcher has ended");
    }
}
