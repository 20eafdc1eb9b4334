#include "app/practice/participant/participant.h"

#include <QCoreApplication>

// The simulated participant alone, for tests that talk to it from outside.
int main(int argc, char **argv)
{
    const QCoreApplication application(argc, argv);
    return countersign::runParticipant(QCoreApplication::arguments().mid(1));
}
