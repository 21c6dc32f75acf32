using Podsharp.Core.Containers;
using Podsharp.Core.Images;
using Podsharp.Core.Networks;

namespace Podsharp.Api.Tests.Containers.Writing;

internal static class Sample
{
    public static readonly DateTimeOffset Created = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    public static Container Container(ContainerSpec? spec = null) => new()
    {
        Id = ContainerId.Parse(new string('a', 64)),
        Name = "c1",
        Created = Created,
        ImageId = Digest.FromHex(new string('b', 64)),
        Spec = spec ?? new ContainerSpec { ImageName = "busybox:1", Process = new ProcessSpec { Command = ["sleep", "1000"] } },
    };

    public static Container Running(ContainerSpec? spec = null) => Container(spec) with
    {
        State = new ContainerState
        {
            Phase = ContainerPhase.Running,
            Pid = 42,
            Started = Created.AddSeconds(1),
            NetworkNamespace = "/run/podsharp/netns/n1",
            Endpoints =
            [
                new Endpoint
                {
                    NetworkName = "bridge",
                    NetworkId = new string('c', 64),
                    EndpointId = new string('d', 64),
                    InterfaceName = "eth0",
                    IPv4 = "10.87.0.2/16",
                    IPv4Gateway = "10.87.0.1",
                    MacAddress = "02:42:0a:57:00:02",
                },
            ],
            Ports = [new PublishedPort(new PortKey(80, "tcp"), "", 8080), new PublishedPort(new PortKey(81, "tcp"), "::1", 8081)],
        },
    };
}
