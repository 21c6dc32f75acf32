using System.Net;

namespace Podsharp.Linux.Namespaces;

/// <summary>A flow of packets that the kernel keeps track of.</summary>
/// <param name="Protocol">6 is tcp, 17 udp.</param>
/// <param name="Destination">Where its packets were sent.</param>
/// <param name="Answering">Who gets them and answers: another than the destination where that was translated.</param>
public readonly record struct TrackedFlow(byte Protocol, IPEndPoint Destination, IPEndPoint Answering);
