namespace Podsharp.System.Tests.Containers;

public sealed class AttachTests : EngineTest
{
    [Test]
    public async Task Shows_what_comes_from_now_on_and_ends_with_the_container()
    {
        var container = await RunDetachedAsync(Image, "sh", "-c", "while [ ! -e /go ]; do echo waiting; sleep 0.05; done; echo tick; exit 3");
        await using var attach = Docker.Start("attach", container);
        // Before that it may not have begun, and finds a container that has ended.
        await attach.ExpectOutputAsync("waiting");
        await Docker.TouchAsync(container, "/go");

        var result = await attach.WaitAsync();

        Assert.That(result.ExitCode, Is.EqualTo(3));
        Assert.That(result.Output, Does.EndWith("tick\n"));
    }

    [Test]
    public async Task Feeds_the_containers_input()
    {
        var container = NewName();
        await Docker.OutputAsync("run", "-di", "--name", container, Image, "sh", "-c", "read line; echo got $line");

        var result = await Docker.Command("attach", container).WithInput("a word\n").RunAsync();

        Assert.That(result.ExitCode, Is.Zero);
        Assert.That(await Docker.OutputAsync("logs", container), Is.EqualTo("got a word"));
    }

    [Test]
    public async Task Start_ai_feeds_and_shows_a_created_container()
    {
        var container = NewName();
        await Docker.OutputAsync("create", "-i", "--name", container, Image, "sh", "-c", "cat; exit 4");

        var result = await Docker.Command("start", "-ai", container).WithInput("through\n").RunAsync();

        Assert.That(result, Is.EqualTo(new CommandResult(4, "through\n", "")));
    }

    [Test]
    public async Task Two_clients_see_the_same_output()
    {
        var container = NewName();
        await Docker.OutputAsync("run", "-di", "--name", container, Image, "sh", "-c", "while read line; do echo got $line; done");
        await using var first = Docker.Start("attach", "--no-stdin", container);
        await using var second = Docker.Start("attach", container);

        // Either client may still be on its way.
        await Eventually.SettleAsync(
            async () =>
            {
                await second.SendAsync("word\n");
                return first.Output.Contains("got word") && second.Output.Contains("got word");
            },
            seen => seen);

        Assert.That(first.Output, Does.Contain("got word"));
        Assert.That(second.Output, Does.Contain("got word"));
    }

    [Test]
    public async Task Refuses_a_container_that_does_not_run()
    {
        var container = NewName();
        await Docker.OutputAsync("create", "--name", container, Image, "true");

        var result = await Docker.RunAsync("attach", container);

        Assert.That(result.ExitCode, Is.EqualTo(1));
        Assert.That(result.Error.ToLowerInvariant(), Does.Contain("cannot attach to a stopped container"));
    }
}
