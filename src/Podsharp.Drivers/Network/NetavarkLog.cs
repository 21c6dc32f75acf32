using Microsoft.Extensions.Logging;

namespace Podsharp.Drivers.Network;

/// <summary>What <see cref="Netavark"/> tells of what it could do without.</summary>
internal static partial class NetavarkLog
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "Tearing down the network of container {Container}: {Reason}")]
    public static partial void TearDownIncomplete(ILogger logger, string container, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A bridge could not be let go: {Reason}")]
    public static partial void BridgeStays(ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Container {Container} may not reach its own published ports: {Reason}")]
    public static partial void NoHairpin(ILogger logger, string container, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Container {Container} is put on its networks by netavark, for it failed without: {Reason}")]
    public static partial void NotDirect(ILogger logger, string container, string reason);

    [LoggerMessage(Level = LogLevel.Debug, Message = "The bridge of network {Network} is not kept up: {Reason}")]
    public static partial void NotKept(ILogger logger, string network, string reason);
}
