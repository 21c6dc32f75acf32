namespace Podsharp.System.Tests.Compose;

/// <summary>What a project is made of: several files, profiles, things from elsewhere; and what happens to what is up when that changes.</summary>
public sealed class ChangeTests(ComposeGeneration generation) : ComposeTest(generation)
{
    [Test]
    public async Task Only_what_changed_is_made_anew()
    {
        const string file = $$"""
            services:
              same: { {{Idle}} }
              changed: { {{Idle}}, environment: { VERSION: "1" } }
              used: { {{Idle}}, volumes: ["data:/data"] }
            volumes: { data: {} }
            """;
        var stack = await UpAsync("change", file);
        var (same, changed, used) = (await stack.ContainersAsync("same"), await stack.ContainersAsync("changed"), await stack.ContainersAsync("used"));

        await stack.OutputAsync("up", "-d");
        Assert.That(await stack.ContainersAsync("changed"), Is.EqualTo(changed), "nothing was changed");

        await stack.WriteAsync("docker-compose.yml", file.Replace("\"1\"", "\"2\""));
        await stack.OutputAsync("up", "-d");

        Assert.That(await stack.ContainersAsync("same"), Is.EqualTo(same));
        Assert.That(await stack.ContainersAsync("used"), Is.EqualTo(used));
        Assert.That(await stack.ContainersAsync("changed"), Has.Length.EqualTo(1).And.Not.EqualTo(changed));
        Assert.That(await stack.SayAsync("changed", "echo $VERSION"), Is.EqualTo("2"));
    }

    [Test]
    public async Task A_container_made_anew_keeps_its_nameless_volume()
    {
        var stack = await UpAsync("keep", $"services: {{ a: {{ {Idle}, volumes: [/kept] }} }}");
        await stack.SayAsync("a", "echo word > /kept/file");

        await stack.OutputAsync("up", "-d", "--force-recreate");

        Assert.That(await stack.SayAsync("a", "cat /kept/file"), Is.EqualTo("word"));
        await stack.OutputAsync("down", "-v", "-t", "0");
        Assert.That(await stack.RemainsAsync(), Is.Empty);
    }

    [Test]
    public async Task Services_that_the_file_no_longer_has_are_orphans_and_removed_when_asked_to()
    {
        var stack = await UpAsync("orphan", $"services: {{ a: {{ {Idle} }}, b: {{ {Idle} }} }}");
        await stack.WriteAsync("docker-compose.yml", $"services: {{ a: {{ {Idle} }} }}");

        Assert.That((await stack.RunAsync("up", "-d")).Error, Does.Contain("orphan"));
        Assert.That(await stack.ContainersAsync("b"), Has.Length.EqualTo(1));
        await stack.OutputAsync("up", "-d", "--remove-orphans");

        Assert.That(await stack.ContainersAsync("b"), Is.Empty);
        Assert.That(await stack.ContainersAsync("a", running: true), Has.Length.EqualTo(1));
    }

    [Test]
    public async Task An_override_file_and_an_extended_service_are_merged()
    {
        var stack = await NewAsync("merge", $$"""
            services:
              a:
                extends: { file: common.yml, service: base }
                environment: { FROM: project }
            """);
        await stack.WriteAsync("common.yml", $"services: {{ base: {{ {Idle}, environment: {{ BASE: \"yes\" }}, labels: {{ team: blue }} }} }}");
        await stack.WriteAsync("docker-compose.override.yml", "services: { a: { environment: { FROM: override } } }");
        stack.Files = ["docker-compose.yml", "docker-compose.override.yml"];

        Assert.That(await stack.OutputAsync("config"), Does.Contain("BASE: \"yes\"").Or.Contain("BASE: 'yes'"));
        await stack.OutputAsync("up", "-d");

        Assert.That(await stack.SayAsync("a", "echo $BASE $FROM"), Is.EqualTo("yes override"));
        Assert.That(await stack.InspectAsync("a", "{{.Config.Labels.team}}"), Is.EqualTo("blue"));
    }

    [Test]
    public async Task A_service_of_a_profile_comes_up_with_its_profile_only()
    {
        var stack = await UpAsync("profile", $"services: {{ a: {{ {Idle} }}, debug: {{ {Idle}, profiles: [debug] }} }}");
        Assert.That(await stack.ContainersAsync("debug"), Is.Empty);

        await stack.OutputAsync("--profile", "debug", "up", "-d");

        Assert.That(await stack.ContainersAsync("debug", running: true), Has.Length.EqualTo(1));
    }

    [Test]
    public async Task Networks_and_volumes_from_elsewhere_are_used_and_left()
    {
        var name = $"elsewhere{(int)Generation}-{Environment.ProcessId}";
        await Docker.OutputAsync("network", "create", name);
        await Docker.OutputAsync("volume", "create", name);
        try
        {
            var file = $$"""
                services: { a: { {{Idle}}, networks: [outer], volumes: ["outer:/data"] } }
                networks: { outer: { external: true, name: {{name}} } }
                volumes: { outer: { external: true, name: {{name}} } }
                """;
            var (one, two) = (await UpAsync("outer", file), await UpAsync("outer", file.Replace("{ a:", "{ b:")));
            await one.SayAsync("a", "echo word > /data/file");

            Assert.That(await two.SayAsync("b", "cat /data/file; nslookup a >/dev/null && echo reached"), Is.EqualTo("word\nreached"));
            await two.OutputAsync("down", "-v", "-t", "0");

            Assert.That(await Docker.LinesAsync("volume", "ls", "-q", "--filter", $"name={name}"), Has.Length.EqualTo(1));
            Assert.That(await one.SayAsync("a", "cat /data/file"), Is.EqualTo("word"));
        }
        finally
        {
            await RemoveProjectsAsync();
            await Docker.OutputAsync("network", "rm", name);
            await Docker.OutputAsync("volume", "rm", name);
        }
    }

    [Test]
    public async Task A_missing_external_network_is_told_and_nothing_is_made()
    {
        var stack = await NewAsync("missing", $"services: {{ a: {{ {Idle}, networks: [gone] }} }}\nnetworks: {{ gone: {{ external: true, name: no-such-network }} }}");

        var result = await stack.RunAsync("up", "-d");

        Assert.That(result.ExitCode, Is.Not.Zero);
        Assert.That(result.Error, Does.Contain("no-such-network").And.Match("not (be )?found"));
        Assert.That(await stack.RemainsAsync(), Is.Empty);
    }
}
