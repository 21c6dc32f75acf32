using Podsharp.Api.Docker.System;
using Podsharp.Api.Http;
using Podsharp.Core.Host;
using Podsharp.Core.Storage;
using Podsharp.Engine.System;
using Podsharp.Testing;

namespace Podsharp.Api.Tests.Docker.System;

public sealed class InfoMappingTests
{
    [TestCase("nftables", 49, "nftables")]
    [TestCase("nftables", 48, null)]
    [TestCase("", 49, null)]
    public void The_firewall_is_told_where_it_is_configured(string driver, int minor, string? told)
    {
        var info = new EngineInfo
        {
            Version = "0",
            StoreId = "",
            Paths = new StorePaths("/r", "/run/r"),
            StorageStatus = [],
            Containers = 0,
            Running = 0,
            Paused = 0,
            Images = 0,
            Host = new FakeHost().Facts,
            Vitals = new HostVitals(0, 0, 0, TimeSpan.Zero, 0, 0, 0, 0, 0),
            Options = new EngineOptions { FirewallDriver = driver },
        };

        Assert.That(InfoMapping.ToReply(info, new ApiVersion(1, minor, 0), Samples.Time).FirewallBackend?.Driver, Is.EqualTo(told));
    }
}
