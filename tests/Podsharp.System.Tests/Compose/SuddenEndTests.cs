using Podsharp.System.Tests.Life;

namespace Podsharp.System.Tests.Compose;

/// <summary>The service dies in the middle of up and down; what the next up or down finds, it repairs.</summary>
[TestFixture(ComposeGeneration.One)]
[TestFixture(ComposeGeneration.Two)]
public sealed class SuddenEndTests(ComposeGeneration generation) : ServiceTest
{
    private const string File = $$"""
        x-common: &common
          image: {{Image}}
          stop_grace_period: 0s
        services:
          db: { <<: *common, command: [sh, -c, "httpd -p 80 -h /www; exec sleep 1000"], volumes: ["data:/data"] }
          one: { <<: *common, command: [sleep, "1000"], depends_on: [db], ports: ["127.0.0.1:20301:80"] }
          two: { <<: *common, command: [sleep, "1000"], depends_on: [db], networks: [default, back] }
          three: { <<: *common, command: [sleep, "1000"], depends_on: [db], restart: always }
        networks: { back: { internal: true } }
        volumes: { data: {} }
        """;

    [SetUp]
    public async Task SkipWithoutComposeAsync()
    {
        if (await ComposeProgram.FindAsync(generation) is null) Assert.Ignore($"this machine has no docker-compose of generation {(int)generation}");
    }

    // After so many containers are there or gone, so that it is the middle on any machine.
    [TestCase("created", 2)]
    [TestCase("running", 1)]
    [TestCase("running", 3)]
    public async Task The_next_up_finishes_what_was_cut_off(string state, int count)
    {
        var service = await StartWithImageAsync();
        await using (var stack = await ComposeProject.CreateAsync(service, generation, "cut", File))
        {
            await using var up = stack.Command("up", "-d").Start();
            await Eventually.SettleAsync(
                async () => (await stack.ContainersAsync(running: state == "running")).Length, there => there >= count, seconds: 30);
            await service.KillAsync();
            await up.WaitAsync();
            await service.StartAgainAsync();

            await stack.OutputAsync("up", "-d");

            Assert.That(await stack.ContainersAsync(running: true), Has.Length.EqualTo(4));
            Assert.That(await stack.ContainersAsync(), Has.Length.EqualTo(4));
            Assert.That(await stack.SayAsync("two", "wget -qO- http://db/"), Is.EqualTo("served"));
            await stack.OutputAsync("down", "-v", "-t", "0");
            Assert.That(await stack.RemainsAsync(), Is.Empty);
        }

        await AssertNothingIsLeftAsync(service);
    }

    [TestCase(3)]
    [TestCase(1)]
    public async Task The_next_down_finishes_what_was_cut_off(int left)
    {
        var service = await StartWithImageAsync();
        await using (var stack = await ComposeProject.CreateAsync(service, generation, "cut", File))
        {
            await stack.OutputAsync("up", "-d");
            await using var down = stack.Command("down", "-v", "-t", "0").Start();
            await Eventually.SettleAsync(async () => (await stack.ContainersAsync(running: true)).Length, there => there <= left, seconds: 30);
            await service.KillAsync();
            await down.WaitAsync();
            await service.StartAgainAsync();

            await stack.OutputAsync("down", "-v", "-t", "0");

            Assert.That(await stack.RemainsAsync(), Is.Empty);
        }

        await AssertNothingIsLeftAsync(service);
        Assert.That((await service.LinksAsync()).Where(link => link.StartsWith("ps-", StringComparison.Ordinal)), Is.Empty);
    }

    [Test]
    public async Task After_a_reboot_services_come_back_that_are_always_to_run()
    {
        var service = await StartWithImageAsync();
        await using (var stack = await ComposeProject.CreateAsync(service, generation, "boot", File))
        {
            await stack.OutputAsync("up", "-d");
            await service.LosePowerAsync();
            await service.StartAgainAsync();

            var status = await Eventually.SettleAsync(() => stack.InspectAsync("three", "{{.State.Status}}"), now => now == "running");
            Assert.That(status, Is.EqualTo("running"));
            Assert.That(await stack.InspectAsync("db", "{{.State.Status}}"), Is.EqualTo("exited"));
            await stack.OutputAsync("up", "-d");

            Assert.That(await stack.ContainersAsync(running: true), Has.Length.EqualTo(4));
            Assert.That(await stack.SayAsync("three", "wget -qO- http://db/"), Is.EqualTo("served"));
            await stack.OutputAsync("down", "-v", "-t", "0");
            Assert.That(await stack.RemainsAsync(), Is.Empty);
        }

        await AssertNothingIsLeftAsync(service);
    }
}
