using Podsharp.System.Tests.Life;

namespace Podsharp.System.Tests.Compose;

/// <summary>A stack with networks of its own in the service of an ordinary user.</summary>
[TestFixture(ComposeGeneration.One)]
[TestFixture(ComposeGeneration.Two)]
public sealed class UserStackTests(ComposeGeneration generation) : ServiceTest
{
    private const string File = $$"""
        x-defaults: &defaults
          image: {{Image}}
          stop_grace_period: 0s
        services:
          db:
            <<: *defaults
            command: ["sh", "-c", "mkdir -p /var/lib/db && echo 1 > /var/lib/db/version && httpd -p 5432 -h /var/lib/db && touch /ready && exec sleep 1000"]
            healthcheck: { test: ["CMD-SHELL", "test -e /ready"], interval: 100ms, timeout: 5s, retries: 100 }
            volumes: ["data:/var/lib/db"]
            networks: [back]
          migrate:
            <<: *defaults
            command: ["sh", "-c", "wget -qO- http://db:5432/version && echo rows of version 2 > /var/lib/db/rows"]
            depends_on: { db: { condition: service_healthy } }
            volumes: ["data:/var/lib/db"]
            networks: [back]
          web:
            <<: *defaults
            command: ["sh", "-c", "wget -qO /www/rows http://db:5432/rows && exec httpd -f -p 80 -h /www"]
            depends_on: { migrate: { condition: service_completed_successfully } }
            ports: ["127.0.0.1::80"]
            networks: [front, back]
            restart: always
          visitor:
            <<: *defaults
            command: ["sleep", "1000"]
            networks: [front]
        networks:
          front: {}
          back: { internal: true }
        volumes:
          data:
        """;

    private PodsharpService _service = null!;

    [SetUp]
    public async Task StartServiceAsync()
    {
        if (await ComposeProgram.FindAsync(generation) is null) Assert.Ignore($"this machine has no docker-compose of generation {(int)generation}");
        _service = await StartWithImageAsync(new ServiceSetup { Rootless = true });
    }

    [Test]
    public async Task It_comes_up_in_order_answers_by_name_and_port_and_goes_without_a_trace()
    {
        await using var stack = await ComposeProject.CreateAsync(_service, generation, "user", File);
        await stack.OutputAsync("up", "-d");
        var address = await stack.OutputAsync("port", "web", "80");

        var answer = await Eventually.SettleAsync(() => new Command("curl", "-sS", "-m", "5", $"http://{address}/rows").RunAsync(), result => result.ExitCode == 0);
        Assert.That(answer.Output, Is.EqualTo("rows of version 2\n"));
        Assert.That(await stack.SayAsync("visitor", "wget -qO- http://web/rows"), Is.EqualTo("rows of version 2"));
        Assert.That(await stack.SayAsync("visitor", "nslookup db >/dev/null 2>&1 || echo unknown"), Is.EqualTo("unknown"), "a name of another network");

        await stack.OutputAsync("down", "-v");
        Assert.That(await stack.RemainsAsync(), Is.Empty);
        await AssertNothingIsLeftAsync(_service);
    }
}
