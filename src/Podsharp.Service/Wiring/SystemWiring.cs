using Microsoft.Extensions.DependencyInjection;
using Podsharp.Engine.Events;
using Podsharp.Engine.System;

namespace Podsharp.Service.Wiring;

internal static class SystemWiring
{
    public static void Add(IServiceCollection services) => services
        .AddSingleton<EventPublisher>()
        .AddSingleton<PendingDuties>()
        .AddSingleton<StreamEvents>()
        .AddSingleton<GetInfo>()
        .AddSingleton<MeasureDiskUsage>()
        .AddSingleton<GetVersion>();
}
