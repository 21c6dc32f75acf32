namespace Podsharp.Conformance.Tests;

public sealed class UpdateTests : SdkTest
{
    [Test]
    public async Task Changes_the_limits_of_a_running_container()
    {
        var container = await StartAsync("sleep 1000", parameters => parameters.HostConfig.Memory = 64 << 20);

        await Client.Containers.UpdateContainerAsync(container, new ContainerUpdateParameters { Memory = 32 << 20, MemorySwap = 32 << 20, CPUShares = 512 });

        var inspected = await Client.Containers.InspectContainerAsync(container);
        Assert.That((inspected.HostConfig.Memory, inspected.HostConfig.CPUShares), Is.EqualTo((32L << 20, 512L)));
        var reports = new Reports<ContainerStatsResponse>();
        await Client.Containers.GetContainerStatsAsync(container, new ContainerStatsParameters { Stream = false, OneShot = true }, reports, CancellationToken.None);
        Assert.That(reports.Values.Single().MemoryStats.Limit, Is.EqualTo(32 << 20));
    }

    [Test]
    public async Task Takes_the_limit_of_processes_away_while_they_run()
    {
        var container = await StartAsync("sleep 1000", parameters => parameters.HostConfig.PidsLimit = 20);

        await Client.Containers.UpdateContainerAsync(container, new ContainerUpdateParameters { PidsLimit = -1 });

        Assert.That((await Client.Containers.InspectContainerAsync(container)).HostConfig.PidsLimit, Is.LessThanOrEqualTo(0));
    }

    [Test]
    public async Task Changes_the_restart_policy()
    {
        var container = await CreateAsync("true");

        await Client.Containers.UpdateContainerAsync(
            container, new ContainerUpdateParameters { RestartPolicy = new RestartPolicy { Name = RestartPolicyKind.OnFailure, MaximumRetryCount = 3 } });

        var policy = (await Client.Containers.InspectContainerAsync(container)).HostConfig.RestartPolicy;
        Assert.That((policy.Name, policy.MaximumRetryCount), Is.EqualTo((RestartPolicyKind.OnFailure, 3L)));
    }

    [Test]
    public async Task Leaves_alone_what_is_not_named()
    {
        var container = await CreateAsync("true", parameters =>
        {
            parameters.HostConfig.Memory = 64 << 20;
            parameters.HostConfig.RestartPolicy = new RestartPolicy { Name = RestartPolicyKind.UnlessStopped };
        });

        await Client.Containers.UpdateContainerAsync(container, new ContainerUpdateParameters { CPUShares = 256 });

        var inspected = (await Client.Containers.InspectContainerAsync(container)).HostConfig;
        Assert.That((inspected.Memory, inspected.CPUShares, inspected.RestartPolicy.Name), Is.EqualTo((64L << 20, 256L, RestartPolicyKind.UnlessStopped)));
    }

    [Test]
    public void Of_an_unknown_container_is_a_typed_error()
    {
        Assert.That(
            () => Client.Containers.UpdateContainerAsync("no-such-container", new ContainerUpdateParameters { CPUShares = 256 }), Throws.InstanceOf<DockerContainerNotFoundException>());
    }
}
