using System.Globalization;
using System.Text.RegularExpressions;

namespace Podsharp.System.Tests.Compose;

/// <summary>A web service, something like a database with a health check, and a job that migrates its data in between.</summary>
public sealed class WebStackTests(ComposeGeneration generation) : StackTest(generation, "web")
{
    protected override string File => $$"""
        x-defaults: &defaults
          image: {{Image}}
          stop_grace_period: 0s
        services:
          db:
            <<: *defaults
            command: ["sh", "-c", "mkdir -p /var/lib/db && echo 1 > /var/lib/db/version && httpd -p 5432 -h /var/lib/db && sleep 0.3 && touch /ready && exec sleep 1000"]
            healthcheck: { test: ["CMD-SHELL", "test -e /ready"], interval: 100ms, timeout: 5s, retries: 100 }
            volumes: ["data:/var/lib/db"]
          migrate:
            <<: *defaults
            command: ["sh", "-c", "wget -qO- http://db:5432/version && echo rows of version 2 > /var/lib/db/rows && echo migrated"]
            depends_on: { db: { condition: service_healthy } }
            volumes: ["data:/var/lib/db"]
          web:
            <<: *defaults
            command: ["sh", "-c", "wget -qO /www/rows http://db:5432/rows && echo serving && exec httpd -f -p 80 -h /www"]
            depends_on: { db: { condition: service_healthy }, migrate: { condition: service_completed_successfully } }
            ports: ["127.0.0.1::80"]
        volumes:
          data:
        """;

    [Test]
    public async Task Each_service_starts_when_what_it_depends_on_is_ready()
    {
        var web = await TimeAsync("web", "{{.State.StartedAt}}");
        var migrated = await TimeAsync("migrate", "{{.State.FinishedAt}}");
        var migrating = await TimeAsync("migrate", "{{.State.StartedAt}}");
        // It is ready 0.3 s after its start, not before.
        var healthy = await TimeAsync("db", "{{.State.StartedAt}}") + TimeSpan.FromSeconds(0.3);

        Assert.That(new[] { healthy, migrating, migrated, web }, Is.Ordered);
        Assert.That(await Stack.InspectAsync("migrate", "{{.State.Status}} {{.State.ExitCode}}"), Is.EqualTo("exited 0"));
        Assert.That(await Stack.InspectAsync("db", "{{.State.Health.Status}}"), Is.EqualTo("healthy"));
    }

    [Test]
    public async Task The_web_service_answers_at_its_published_port_with_the_migrated_data()
    {
        var address = await Stack.OutputAsync("port", "web", "80");

        var answer = await Eventually.SettleAsync(() => Engine.OnHost("curl", "-sS", "-m", "5", $"http://{address}/rows").RunAsync(), result => result.ExitCode == 0);

        Assert.That(answer.Output, Is.EqualTo("rows of version 2\n"));
    }

    [Test]
    public async Task Services_reach_each_other_by_name() =>
        Assert.That(await Stack.SayAsync("web", "wget -qO- http://db:5432/rows"), Is.EqualTo("rows of version 2"));

    [Test]
    public async Task Ps_tells_state_and_port_of_each()
    {
        var lines = (await Stack.OutputAsync(Generation == ComposeGeneration.Two ? ["ps", "-a"] : ["ps"])).Split('\n');
        string LineOf(string service) => lines.Single(line => Regex.IsMatch(line, $"^[^ ]*[-_]{service}[-_]1 "));

        Assert.That(LineOf("db"), Does.Contain("Up").And.Contain("(healthy)"));
        Assert.That(LineOf("migrate"), Does.Contain("Exit"));
        Assert.That(LineOf("web"), Does.Contain("Up").And.Match(@"127\.0\.0\.1:\d+->80/tcp"));
    }

    [Test]
    public async Task Logs_are_told_by_service()
    {
        var logs = await Stack.OutputAsync("logs");

        Assert.That(logs, Does.Match(@"migrate[-_]1 *\| *migrated"));
        Assert.That(logs, Does.Match(@"web[-_]1 *\| *serving"));
    }

    private async Task<DateTimeOffset> TimeAsync(string service, string format)
    {
        var text = await Stack.InspectAsync(service, format);
        // Docker tells some times as Go prints them.
        return DateTimeOffset.Parse(text.Replace(" +0000 UTC", "Z"), CultureInfo.InvariantCulture);
    }
}
